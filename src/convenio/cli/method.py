"""A declared method as a command: files in, a table out, in whichever form is asked for."""

from __future__ import annotations

import importlib
import inspect
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import pyarrow as pa
import typer
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from typer.core import TyperCommand, TyperGroup

from convenio.cli import reading_options as said
from convenio.cli.groups import as_command
from convenio.cli.showing import progress_on_screen, show_table
from convenio.core.errors import ConvenioError, InputError
from convenio.core.method import Method, Params
from convenio.core.program import program
from convenio.core.words import Message, _
from convenio.files.constraints import worded
from convenio.files.reading import Reading, open_reading
from convenio.files.report import Report, Section, html_report
from convenio.files.writing import form_of, json_pieces, whole, write

TOGETHER = 250_000
SHARED: dict[str, tuple[Any, Any]] = {
    "output": (said.OutputOption, None),
    "json_": (said.JsonOption, None),
    "strict": (said.StrictOption, False),
    "set_aside": (said.AsideOption, None),
    "map_": (said.MapOption, None),
    "mapping": (said.MappingOption, None),
    "encoding": (said.EncodingOption, None),
    "delimiter": (said.DelimiterOption, None),
    "header": (said.HeaderOption, None),
    "date_order": (said.DateOrderOption, None),
    "decimal": (said.DecimalOption, None),
    "sheet": (said.SheetOption, None),
}


def method_command(method: Method) -> TyperCommand | TyperGroup:
    """The command of a declared method, made from its declaration.

    Its tables are arguments in the order of their declaration (optional ones are options), its parameters are options.
    """
    parameters = [*_files(method), *_settings(method)]
    taken = {each.name for each in parameters}
    parameters += [_option(name, kind, default) for name, (kind, default) in SHARED.items() if name not in taken]

    def run(**given: Any) -> None:
        run_method(method, given)

    run.__name__ = method.name
    run.__doc__ = str(method.summary)
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    command = as_command(run, method.name.replace("_", "-"))
    if method.literature:
        command.epilog = "\n\n".join(method.literature)
    return command


def _option(name: str, kind: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _files(method: Method) -> Iterator[inspect.Parameter]:
    for name, wanted in method.inputs.items():
        about = str(_("{title} ({type})", title=wanted.title, type=wanted.record.type_name))
        if wanted.optional:
            kind: Any = Annotated[Path | None, typer.Option(f"--{_dashed(name)}", metavar="FILE", help=about)]
            yield _option(name, kind, None)
        else:
            kind = Annotated[Path, typer.Argument(metavar=name.upper(), help=about)]
            yield inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind)


def _settings(method: Method) -> Iterator[inspect.Parameter]:
    for name, info in method.params.model_fields.items():
        about = str(parameter_title(name, info))
        default = None if info.is_required() else info.get_default(call_default_factory=True)
        if info.annotation is bool:
            flag: Any = Annotated[bool, typer.Option(f"--{_dashed(name)}/--no-{_dashed(name)}", help=about)]
            yield _option(name, flag, bool(default))
            continue
        shown: Any = False if default is None else str(default)
        many = get_origin(info.annotation) in (list, tuple, set)
        text: Any = Annotated[
            list[str] | None if many else str | None,
            typer.Option(f"--{_dashed(name)}", metavar=_metavar(info), help=about, show_default=shown),
        ]
        yield _option(name, text, None)


def parameter_title(name: str, info: FieldInfo) -> Message | str:
    """What a parameter is called."""
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    about = typing.cast("dict[str, Any]", extra.get("convenio") or {})
    return about.get("title") or name


def _metavar(info: FieldInfo) -> str:
    kinds = [each for each in get_args(info.annotation) if each is not type(None)] or [info.annotation]
    if get_origin(info.annotation) is Literal:
        return "|".join(map(str, kinds))
    first = kinds[0]
    if get_origin(first) is Literal:
        return "|".join(map(str, get_args(first)))
    return {int: "N", float: "NUMBER", bool: "yes|no"}.get(first, "TEXT") if isinstance(first, type) else "TEXT"


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def parameters_of(method: Method, given: dict[str, Any]) -> Params:
    """The parameters that were said, checked by their declaration.

    Raises:
        InputError: one does not fit; the error names its option.
    """
    told = {name: given[name] for name in method.params.model_fields if given.get(name) is not None}
    try:
        return method.params.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        why, advice = worded(first)
        name = str(first["loc"][0]) if first["loc"] else ""
        raise InputError(why, where=f"--{_dashed(name)}", advice=advice) from error


def run_method(method: Method, given: dict[str, Any]) -> None:
    """Read the files, run the method, show or write what it found.

    Raises:
        InputError: a file, row or parameter does not fit.
    """
    params = parameters_of(method, given)
    for path in given["output"] or ():
        form_of(path)
    readings = _open(method, given)
    names = list(readings)
    rest = {name: readings[name].table() for name in names[1:]}
    seen = dict(rest)
    reports = any(form_of(path) == "html" for path in given["output"] or ())
    try:
        with progress_on_screen(method.title) as progress:
            parts = _results(method, params, names[0] if names else "", readings, rest, progress, seen)
            schema = method.output.arrow_schema()
            outputs = list(given["output"] or ())
            if len(outputs) == 1 and given["json_"] is None and not reports:
                first = outputs[0]
                if form_of(first) != "json":
                    count = write(parts, schema, first)
                    table = None
                else:
                    table = _joined(parts, schema)
            else:
                table = _joined(parts, schema)
    except ConvenioError:
        if any(each.rows and each.set_aside for each in readings.values()):
            said.tell_readings(readings.values(), given["set_aside"])
        raise
    said.tell_readings(readings.values(), given["set_aside"])
    if table is not None:
        count = table.num_rows
        _deliver(method, params, readings, table, outputs, given["json_"], seen)
    said.tell(_("{title}: {rows} rows", title=method.title, rows=f"{count:,}"))
    for path in outputs:
        said.tell(_("written: {file}", file=str(path)))


def _open(method: Method, given: dict[str, Any]) -> dict[str, Reading]:
    options = said.options_of(given)
    found: dict[str, Reading] = {}
    for name, wanted in method.inputs.items():
        path = given.get(name)
        if path is None:
            continue
        told = {} if found else said.pairs(given["map_"])
        if not told and given["mapping"] is None:
            _known_otherwise(method, wanted.record.type_name, path)
        found[name] = open_reading(
            path,
            wanted.record,
            options=options,
            saved=given["mapping"] if not found else None,
            told=told,
            strict=given["strict"],
        )
    return found


def _known_otherwise(method: Method, record: str, path: Path) -> None:
    """Let the program refuse a file that it knows to be something else: `REFUSED` of its room `sources` names by whom.

    Raises:
        InputError: it is a publisher's own file, to be read in another way.
    """
    refuse = _of_room(method, "sources", "REFUSED", record)
    if refuse is not None:
        refuse(path)


def _results(
    method: Method,
    params: Params,
    first: str,
    readings: dict[str, Reading],
    rest: dict[str, pa.Table],
    progress: Callable[[float], None],
    seen: dict[str, pa.Table],
) -> Iterator[pa.Table]:
    """The method's output; where rows stand for themselves, a large first table goes through in parts.

    A first table that goes through whole is put into `seen`.
    """
    if not first:
        yield method.run(rest, params, progress=progress)
        return
    if method.partition != "rows":
        seen[first] = readings[first].table()
        yield method.run({first: seen[first], **rest}, params, progress=progress)
        return
    held: list[pa.Table] = []
    ran = False
    for batch in readings[first].batches():
        held.append(batch)
        if sum(each.num_rows for each in held) >= TOGETHER:
            yield method.run({first: pa.concat_tables(held), **rest}, params, progress=progress)
            held, ran = [], True
    if held:
        yield method.run({first: pa.concat_tables(held), **rest}, params, progress=progress)
    elif not ran:
        yield method.run({first: readings[first].table(), **rest}, params, progress=progress)


def _joined(parts: Iterator[pa.Table], schema: pa.Schema) -> pa.Table:
    made = list(parts)
    return pa.concat_tables(made) if made else schema.empty_table()


def _deliver(
    method: Method,
    params: Params,
    readings: dict[str, Reading],
    table: pa.Table,
    outputs: list[Path],
    json_: Path | None,
    seen: dict[str, pa.Table],
) -> None:
    about = described(method, params, readings)
    for path in outputs:
        if form_of(path) == "html":
            own = own_report(method) if seen else None
            if own is not None:
                text = own(seen, params, table, _files_read(method, readings))
            else:
                text = html_report(_report(method, params, readings, table))
            with whole(path) as part:
                part.write_text(text, encoding="utf-8")
        else:
            write([table], table.schema, path, about=about)
    if json_ is not None:
        said.put("".join(json_pieces([table], about)), json_)
    elif not outputs:
        show_table(table, method.output)
        if method.score_meaning is not None:
            typer.echo(str(_("score: {meaning}", meaning=method.score_meaning)))


def described(method: Method, params: Params, readings: dict[str, Reading]) -> dict[str, Any]:
    """What stands beside the rows of a result in JSON."""
    return {
        "program": method.program,
        "method": method.name,
        "version": method.version,
        "title": method.title.in_both(),
        "params": params.model_dump(mode="json"),
        "score_meaning": method.score_meaning.in_both() if method.score_meaning is not None else None,
        "inputs": {
            name: {
                "file": each.name,
                "rows": each.rows,
                "set_aside": each.set_aside,
                "columns": dict(each.mapping.columns),
                "problems": said.problems_as_json(each),
            }
            for name, each in readings.items()
        },
    }


def own_report(method: Method) -> Callable[..., str] | None:
    """A report that the program has of its own for a method: `HTML` of its room `reports` names the function."""
    return _of_room(method, "reports", "HTML", method.name)


def _of_room(method: Method, room: str, table: str, name: str) -> Callable[..., Any] | None:
    """The function that a table in a program's room names as "module:function" for `name`; None without one."""
    package = f"{program(method.program).package}.{room}"
    try:
        named = getattr(importlib.import_module(package), table, {}).get(name)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        return None
    if named is None:
        return None
    module, _colon, attribute = named.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(f"{package}.{module}"), attribute)
    return found


def _files_read(method: Method, readings: dict[str, Reading]) -> list[tuple[Message | str, Message | str]]:
    facts: list[tuple[Message | str, Message | str]] = []
    for name, each in readings.items():
        told = _("{file}: {rows} rows, {aside} set aside", file=each.name, rows=f"{each.rows:,}", aside=each.set_aside)
        facts.append((method.inputs[name].title, told))
    return facts


def _report(method: Method, params: Params, readings: dict[str, Reading], table: pa.Table) -> Report:
    facts = _files_read(method, readings)
    for name, info in method.params.model_fields.items():
        facts.append((parameter_title(name, info), str(getattr(params, name))))
    facts.append((_("method"), f"{method.program}.{method.name}, {method.version}"))
    notes = [_("what the score says: {meaning}", meaning=method.score_meaning)] if method.score_meaning else []
    return Report(
        title=method.title,
        summary=method.summary,
        facts=facts,
        notes=notes,
        sections=[Section(method.output.title, table, method.output)],
        literature=method.literature,
    )
