"""What a copy's page shows of the conditions that travel: consents, corrections, and what was made from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from convenio.console.context import Console
from convenio.core.words import Message, _
from convenio.custody.derived import RESULT
from convenio.people.accounts import Person
from convenio.web.graph import Edge, Node, graph
from convenio.web.pages import said

CONSENT_STATES: Mapping[str, Message] = {
    "asked": _("asked for"),
    "waiting": _("waiting for a decision"),
    "granted": _("given"),
    "refused": _("refused"),
    "withdrawn": _("withdrawn"),
}
CONSENT_TONES: Mapping[str, str] = {
    "asked": "wait",
    "waiting": "wait",
    "granted": "good",
    "refused": "bad",
    "withdrawn": "bad",
}
CORRECTION_STATES: Mapping[str, Message] = {
    "waiting": _("waiting for signatures"),
    "sent": _("sent, not accepted yet"),
    "accepted": _("accepted, not in place yet"),
    "done": _("in place on the other side"),
    "in-place": _("in place"),
    "moot": _("came to nothing: what was released is gone"),
    "dropped": _("given up"),
}
CORRECTION_TONES: Mapping[str, str] = {
    "waiting": "wait",
    "sent": "wait",
    "accepted": "wait",
    "done": "good",
    "in-place": "good",
    "moot": "calm",
    "dropped": "calm",
}
THINGS: Mapping[str, Message] = {"finding": _("finding"), "result": _("result"), "report": _("report")}


def of_copy(console: Console, request: Request, person: Person, row: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a copy's page about what travels with it; nothing on a node without a peer."""
    number = row["id"]
    return {
        "consents": [
            {
                "to": each.to,
                "act": each.act,
                "until": each.until,
                "state": CONSENT_STATES.get(each.state, each.state),
                "tone": CONSENT_TONES.get(each.state, "calm"),
                "reasons": (each.answer or {}).get("reasons"),
                "passed": each.forwarded_at,
            }
            for each in console.part("onward").all(number, person)
        ],
        "corrections": [
            {
                "at": each.made_at,
                "reason": each.reason,
                "state": CORRECTION_STATES.get(each.state, each.state),
                "tone": CORRECTION_TONES.get(each.state, "calm"),
            }
            for each in console.part("corrected").of(number)
        ],
        "kept_versions": len([each for each in console.part("copies").superseded(number) if each.key is not None]),
        "derived_graph": _graph(console, request, person, number),
        "may_ask": person.has("analyst", "supervisor")
        and row["agency"] == person.agency
        and row["state"] == "open"
        and "consent" in {row["conditions"].get("onward"), _court(row["conditions"])},
    }


def _court(conditions: Mapping[str, Any]) -> str:
    return "consent" if conditions.get("judicial_use") == "permission" else ""


def _graph(console: Console, request: Request, person: Person, number: str) -> Any:
    """What was made from a copy, and from which others: a thing that may no longer be read has no words left."""
    things = console.part("derived").of_copy(number, person)
    if not things:
        return None
    standing = console.part("derived").standing([each.id for each in things], person)
    nodes = {number: Node(number, number[:8], str(_("received copy")), address=f"/copies/{number}", size=6)}
    edges = []
    for each in things:
        held = standing.get(each.id)
        label = said(held["claim"]) if held is not None and "claim" in held else str(_("gone with its copy"))
        what = str(THINGS.get(each.kind, each.kind))
        address = (held or {}).get("address", "/jobs" if each.kind == RESULT else f"/findings/{each.id}")
        nodes[each.id] = Node(each.id, label, what, at=f"{each.made_at:%Y-%m-%d}", address=address)
        for copy in each.copies:
            nodes.setdefault(copy, Node(copy, copy[:8], str(_("received copy")), address=f"/copies/{copy}", size=6))
            edges.append(Edge(copy, each.id, str(_("evidence of"))))
    asked: dict[str, Any] = {"parameters": request.query_params, "path": request.url.path}
    return graph("derived", list(nodes.values()), edges, title=_("Findings and the copies they rest on"), **asked)
