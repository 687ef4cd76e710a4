"""The exchange interface as an OpenAPI 3.1 document: what a peer's node may call, and what it may be answered.

It is made from the same list of doors that the interface serves, so that the two cannot drift apart.
"""

from __future__ import annotations

from typing import Any

from convenio.exchange.wire import BASE, Exchange, doors

JSON = "application/json"
BYTES = "application/octet-stream"
TEXT = "text/plain"
PROBLEM = "application/problem+json"
RUN = {"name": "run", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
PATH = {"name": "path", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
TOLD: dict[str, Any] = {
    "type": "object",
    "required": ["status", "title", "title_es"],
    "properties": {
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "title_es": {"type": "string"},
        "advice": {"type": "string"},
        "advice_es": {"type": "string"},
        "kept": {"type": "string"},
        "kept_es": {"type": "string"},
    },
    "additionalProperties": False,
}
SIGNED: dict[str, Any] = {
    "type": "object",
    "required": ["statement", "signature", "key"],
    "properties": {"statement": {"type": "object"}, "signature": {"type": "string"}, "key": {"type": "string"}},
}
ENVELOPE: dict[str, Any] = {
    "type": "object",
    "required": ["v", "id", "from", "to", "sealed"],
    "properties": {
        "v": {"const": 1},
        "id": {"type": "string"},
        "from": {"type": "string"},
        "to": {"type": "string"},
        "sealed": {"type": "string"},
    },
    "additionalProperties": False,
}
RAW: dict[str, Any] = {"type": "string", "format": "binary"}
ANYTHING: dict[str, Any] = {"type": "object"}

SAID: dict[str, tuple[str, dict[str, Any] | None, str, str, dict[str, Any]]] = {
    "/match/open": ("Open a blind match by a signed statement.", SIGNED, JSON, JSON, ANYTHING),
    "/match/{run}/evaluate": ("Have blinded elements evaluated, 32 bytes each.", RAW, BYTES, BYTES, RAW),
    "/match/{run}/set": ("The coded set of a run.", None, "", BYTES, RAW),
    "/inbox": ("Hand an envelope in.", ENVELOPE, JSON, JSON, ANYTHING),
    "/witness/add-checkpoint": ("Have a checkpoint cosigned (C2SP tlog-witness).", RAW, TEXT, TEXT, RAW),
    "/witness/latest": ("The last checkpoint that was cosigned here.", None, "", BYTES, RAW),
    "/ledger/{path}": ("A file of this node's ledger with the caller (C2SP tlog-tiles).", None, "", BYTES, RAW),
    "/mirror/{path}": ("A file of this node's mirror of the caller's ledger.", None, "", BYTES, RAW),
    "/status": ("That this node serves, and how its clock stands.", None, "", JSON, ANYTHING),
}
"""By path: what it does, the body it takes, the kinds of body and answer, and the answer."""


def described(exchange: Exchange) -> dict[str, Any]:
    """The OpenAPI document of a node's exchange interface."""
    paths = {path.replace(":path}", "}"): most for path, most, _work in doors(exchange)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Convenio, the exchange between nodes", "version": "1"},
        "paths": {path: {"post": _operation(path.removeprefix(BASE), most)} for path, most in paths.items()},
    }


def _operation(path: str, most: int) -> dict[str, Any]:
    does, body, takes, kind, answer = SAID[path]
    made: dict[str, Any] = {
        "summary": does,
        "x-most-bytes": most,
        "parameters": [each for each in (RUN, PATH) if f"{{{each['name']}}}" in path],
        "responses": {
            "200": {"description": "Done.", "content": {kind: {"schema": answer}}},
            "4XX": {"description": "Refused, and why.", "content": {PROBLEM: {"schema": TOLD}, TEXT: {"schema": RAW}}},
            "502": {"description": "Not in time.", "content": {PROBLEM: {"schema": TOLD}}},
        },
    }
    if body is not None:
        made["requestBody"] = {"required": True, "content": {takes: {"schema": body}}}
    return made
