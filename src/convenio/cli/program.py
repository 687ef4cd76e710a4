"""A program's words on the command line: its own commands, and one for each declared method."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperCommand, TyperGroup

from convenio.cli.groups import Later, as_command
from convenio.core.method import Method
from convenio.core.program import Program
from convenio.core.words import _

METHODS = _("Methods")


def program_group(program: Program) -> TyperGroup:
    """The group of a program; commands of its own win over generated ones of the same name."""
    group = as_command(
        typer.Typer(no_args_is_help=True, help=program.answers.id, add_completion=False), program.command
    )
    assert isinstance(group, TyperGroup)
    if program.commands:
        own = as_command(program.load("commands"), program.command)
        group.params.extend(each for each in own.params if each.name != "help")
        if isinstance(own, TyperGroup):
            group.callback = own.callback or group.callback
            group.commands.update(own.commands)
        else:
            group.commands[own.name or program.command] = own
    for method in program.declared_methods().values():
        name = method.name.replace("_", "-")
        if name not in group.commands:
            group.commands[name] = MethodCommand(method)
    if "example" not in group.commands and program.methods:
        group.commands["example"] = as_command(example_of(program), "example")
    return group


class MethodCommand(Later):
    """A declared method that shows its line in the help and is put together when it is called."""

    def __init__(self, method: Method) -> None:
        def load() -> TyperCommand | TyperGroup:
            from convenio.cli.method import method_command

            return method_command(method)

        super().__init__(method.name.replace("_", "-"), method.summary, METHODS, load)


def example_of(program: Program) -> Callable[..., None]:
    """The command that writes a program's made-up files."""

    def example(
        folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("Where to write; made if new.").id)],
    ) -> None:
        from convenio.files.templates import write_examples

        for path in write_examples(program, folder):
            typer.echo(str(_("written: {file}", file=str(path))))

    example.__doc__ = str(_("Write made-up files to try the commands with."))
    return example
