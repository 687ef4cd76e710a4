"""`POST /api/v1/<program>/<method>`: every declared method, on rows that are sent or on the party's own records."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Annotated, Any, cast

import pyarrow as pa
from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, create_model

from convenio.api.access import TheNode, ThePerson, scoped
from convenio.core.errors import ConvenioError, InputError
from convenio.core.method import Method, Params
from convenio.core.program import Program, discover
from convenio.core.record import RecordType
from convenio.core.words import _
from convenio.custody.holdings import Purpose
from convenio.files.writing import json_pieces
from convenio.node.node import Node
from convenio.people.accounts import Person

log = logging.getLogger("convenio.api")
MOST_ROWS = 200_000


class OwnRecords(BaseModel):
    """Records that the party holds: custody reads them for the named purpose and case, and leaves an entry."""

    model_config = ConfigDict(extra="forbid")

    dataset: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    purpose: Annotated[str, Field(min_length=1, max_length=64)]
    case: Annotated[str, Field(min_length=1, max_length=200)]
    reason: Annotated[str, Field(max_length=2000)] = ""


def router(programs: Mapping[str, Program] | None = None) -> APIRouter:
    """The operations of every declared method of the installed programs.

    Args:
        programs: those; all that are installed without it. One whose methods cannot be imported is left out and
            logged.
    """
    made = APIRouter(tags=["methods"])
    found: list[Method] = []
    for program in (discover() if programs is None else programs).values():
        try:
            found += program.declared_methods().values()
        except (ConvenioError, ImportError):
            log.exception("%s", program.name)
    for method in found:
        _add(made, method)

    @made.get("/methods")
    def methods(person: ThePerson) -> list[dict[str, Any]]:
        """Every declared method: its words, parameters and tables."""
        scoped("read", person)
        return [described(each) for each in found]

    return made


def described(method: Method) -> dict[str, Any]:
    """A method's declaration as JSON values."""
    return {
        "program": method.program,
        "method": method.name,
        "version": method.version,
        "title": method.title.in_both(),
        "summary": method.summary.in_both(),
        "parameters": _schema(method.params),
        "tables": {
            name: {"title": each.title.in_both(), "optional": each.optional, "columns": _schema(each.record)}
            for name, each in method.inputs.items()
        },
        "output": _schema(method.output),
        "score_meaning": method.score_meaning.in_both() if method.score_meaning is not None else None,
        "literature": list(method.literature),
    }


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return {
        name: {"type": str(info.annotation).replace("typing.", ""), "required": info.is_required()}
        for name, info in model.model_fields.items()
    }


def _add(router_: APIRouter, method: Method) -> None:
    body = body_of(method)

    def operation(asked: Any, node: TheNode, person: ThePerson) -> StreamingResponse:
        scoped("methods", person)
        tables = {
            name: table
            for name, wanted in method.inputs.items()
            if (table := _table(getattr(asked.tables, name), wanted.record, node, person)) is not None
        }
        params = cast("Params", asked.params)
        result = method.run(tables, params)
        about = {
            "program": method.program,
            "method": method.name,
            "version": method.version,
            "params": params.model_dump(mode="json"),
            "score_meaning": method.score_meaning.in_both() if method.score_meaning is not None else None,
        }
        return StreamingResponse(json_pieces([result], about), media_type="application/json")

    operation.__name__ = f"{method.program}_{method.name}"
    operation.__doc__ = method.summary.in_language("en")
    operation.__annotations__["asked"] = body
    router_.post(f"/{method.program}/{method.name}", summary=method.title.in_language("en"))(operation)


def body_of(method: Method) -> type[BaseModel]:
    """The model of an operation's body: parameters, and each table as rows or as records the party holds."""
    strict = ConfigDict(extra="forbid")
    name = "".join(part.title() for part in f"{method.program}_{method.name}".split("_"))
    tables: dict[str, Any] = {}
    for each, wanted in method.inputs.items():
        rows: Any = Annotated[list[_row(wanted.record)], Field(max_length=MOST_ROWS)]  # type: ignore[misc]
        kind = rows | OwnRecords | None if wanted.optional else rows | OwnRecords
        tables[each] = (kind, None) if wanted.optional else (kind, ...)
    inner = create_model(f"{name}Tables", __config__=strict, **tables)
    fields: dict[str, Any] = {
        "params": (method.params, ...)
        if _needs(method.params)
        else (method.params, Field(default_factory=method.params)),
        "tables": (inner, ... if _needs(inner) else Field(default_factory=inner)),
    }
    return cast("type[BaseModel]", create_model(f"{name}Body", __config__=strict, **fields))


def _needs(model: type[BaseModel]) -> bool:
    return any(info.is_required() for info in model.model_fields.values())


def _row(record: type[RecordType]) -> Any:
    return record


def _table(
    given: list[RecordType] | OwnRecords | None, record: type[RecordType], node: Node, person: Person
) -> pa.Table | None:
    if given is None:
        return None
    if isinstance(given, OwnRecords):
        why = Purpose(given.purpose, given.case, given.reason)
        return node.holdings.rows(given.dataset, actor=person, purpose=why)
    try:
        return pa.Table.from_pylist([each.model_dump() for each in given], schema=record.arrow_schema())
    except (pa.ArrowException, OverflowError, ValueError) as error:
        raise InputError(_("these rows do not fit: {why}", why=str(error)[:200]), where=record.type_name) from error
