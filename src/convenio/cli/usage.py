"""Command lines that do not fit, told in the same form and languages as every other error."""

from __future__ import annotations

import re
from typing import Any

import typer

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import Message, _

UsageProblem: Any = typer.BadParameter.__mro__[2]

KNOWN: tuple[tuple[str, str], ...] = (
    (r"No such command '(?P<name>.*?)'\.?( Did you mean (?P<meant>.*)\?)?$", "command"),
    (r"No such option: (?P<name>\S+)( .*?(?P<meant>--.*?)[?)]*)?$", "option"),
    (r"Missing (argument|parameter):? ?'?(?P<name>.*?)'?\.?$", "argument"),
    (r"Missing option '?(?P<name>.*?)'?\.?$", "required"),
    (r"Missing command\.$", "nothing"),
    (r"Got unexpected extra arguments? \((?P<name>.*)\)$", "extra"),
    (r"Option '(?P<name>.*)' requires an argument\.$", "value"),
    (r"Invalid value for '?(?P<name>.*?)'?: (?P<meant>.*)$", "invalid"),
)


def usage_error(problem: Any) -> ConvenioError:
    """What Typer found wrong with a command line, as an error of ours."""
    context = getattr(problem, "ctx", None)
    path: str = context.command_path if context is not None else "convenio"
    where = path.removeprefix("convenio").strip() or None
    said = problem.format_message().strip()
    return InputError(_message(said), where=where, advice=_("{path} --help shows what fits here", path=path))


def _message(said: str) -> Message:
    for pattern, kind in KNOWN:
        found = re.match(pattern, said, re.DOTALL)
        if found is not None:
            named = {key: value or "" for key, value in found.groupdict().items()}
            return _worded(kind, named.get("name", ""), named.get("meant", ""))
    return Message("{said}", {"said": said})


def _worded(kind: str, name: str, meant: str) -> Message:
    if meant and kind in {"command", "option"}:
        return _("there is no {name} here; did you mean {meant}?", name=name, meant=meant)
    return {
        "command": _("there is no command {name}", name=name),
        "option": _("there is no option {name}", name=name),
        "argument": _("{name} is missing", name=name),
        "required": _("the option {name} is missing", name=name),
        "nothing": _("a command is missing"),
        "extra": _("too much on this line: {name}", name=name),
        "value": _("the option {name} needs a value", name=name),
        "invalid": _("{name} does not take this value: {meant}", name=name, meant=meant),
    }[kind]
