"""Methods declared once: typed parameters, table schemas, words, literature.

The command line in file mode, the HTTP operation, the form, the result page and the run on Spark are all made from
the declaration; a method itself is a pure function from tables and parameters to tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, ParamSpec, TypeVar

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from convenio.core.errors import InputError
from convenio.core.record import RecordType
from convenio.core.words import Message, _

P = ParamSpec("P")
R = TypeVar("R")
Partition = Literal["rows", "groups", "whole"]


class Params(BaseModel):
    """Base of every method's parameters; a field's description is a message in both languages (`param`)."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


@dataclass(frozen=True)
class TableInput:
    """One table a method reads.

    Args:
        record: the record type of its rows; its Arrow schema is what the method receives.
        title: what the user is asked for.
        optional: whether the method runs without it.
    """

    record: type[RecordType]
    title: Message
    optional: bool = False


@dataclass(frozen=True)
class Method:
    """A declared method. `run` is what every surface calls; `function` is the plain Python function."""

    program: str
    name: str
    version: str
    title: Message
    summary: Message
    params: type[Params]
    inputs: Mapping[str, TableInput]
    output: type[RecordType]
    literature: Sequence[str]
    function: Callable[..., pa.Table]
    score_meaning: Message | None = None
    partition: Partition = "whole"
    partition_by: Sequence[str] = field(default_factory=tuple)

    def run(
        self,
        tables: Mapping[str, pa.Table],
        params: Params | Mapping[str, Any] | None = None,
        *,
        progress: Callable[[float], None] | None = None,
    ) -> pa.Table:
        """Check the tables against the declared schemas, run the function, check what came out.

        Raises:
            InputError: a table or column is missing or has another type.
        """
        if not isinstance(params, Params):
            params = self.params.model_validate(dict(params or {}))
        ready: dict[str, pa.Table] = {}
        for name, wanted in self.inputs.items():
            if tables.get(name) is None:
                if wanted.optional:
                    continue
                raise InputError(_("the table {name} is missing", name=name), where=f"{self.program}.{self.name}")
            ready[name] = conform(tables[name], wanted.record.arrow_schema(), where=name)
        arguments = {name: getattr(params, name) for name in type(params).model_fields}
        if progress is not None and "progress" in self.function.__code__.co_varnames[: _arity(self.function)]:
            arguments["progress"] = progress
        return conform(self.function(**ready, **arguments), self.output.arrow_schema(), where=f"{self.name} output")


def _arity(function: Callable[..., Any]) -> int:
    return function.__code__.co_argcount + function.__code__.co_kwonlyargcount


def param(title: Message, default: Any = ..., **constraints: Any) -> Any:
    """Declare a parameter with its words in both languages; `constraints` go to pydantic."""
    from pydantic import Field

    words: dict[str, Any] = {"title": title}
    return Field(default, json_schema_extra={"convenio": words}, **constraints)


def conform(table: pa.Table, schema: pa.Schema, *, where: str) -> pa.Table:
    """The columns of `schema`, in its order and types, from `table`; other columns are left behind.

    Raises:
        InputError: a column is missing or cannot be cast without loss; the error names it.
    """
    columns = []
    for wanted in schema:
        if wanted.name not in table.column_names:
            if wanted.nullable:
                columns.append(pa.nulls(table.num_rows, wanted.type))
                continue
            raise InputError(
                _("the column {column} is missing", column=wanted.name),
                where=where,
                advice=_("the columns here are {columns}", columns=", ".join(table.column_names)),
            )
        held = table.column(wanted.name)
        try:
            columns.append(held if held.type == wanted.type else held.cast(wanted.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise InputError(
                _(
                    "the column {column} holds {held}, not {wanted}",
                    column=wanted.name,
                    held=str(held.type),
                    wanted=str(wanted.type),
                ),
                where=where,
                advice=_("first value that does not fit: {why}", why=str(error).splitlines()[0]),
            ) from error
    return pa.Table.from_arrays(columns, schema=schema)


_registry: dict[tuple[str, str], Method] = {}


def method(
    program: str,
    name: str,
    *,
    title: Message,
    summary: Message,
    params: type[Params] = Params,
    inputs: Mapping[str, TableInput],
    output: type[RecordType],
    literature: Sequence[str] = (),
    version: str = "1",
    score_meaning: Message | None = None,
    partition: Partition = "whole",
    partition_by: Sequence[str] = (),
) -> Callable[[Callable[P, pa.Table]], Callable[P, pa.Table]]:
    """Declare the decorated function as a method of `program`.

    The function takes each input table by name and each parameter by keyword, and returns one table. It stays an
    ordinary function: calling it runs it. `partition` says how a distributed engine may cut the first input: by
    "rows", by "groups" of equal `partition_by`, or not at all ("whole").
    """

    def declare(function: Callable[P, pa.Table]) -> Callable[P, pa.Table]:
        _registry[program, name] = Method(
            program=program,
            name=name,
            version=version,
            title=title,
            summary=summary,
            params=params,
            inputs=inputs,
            output=output,
            literature=tuple(literature),
            function=function,
            score_meaning=score_meaning,
            partition=partition,
            partition_by=tuple(partition_by),
        )
        return function

    return declare


def methods(program: str) -> dict[str, Method]:
    """The methods that have been declared for `program`, by name."""
    return {name: each for (owner, name), each in _registry.items() if owner == program}
