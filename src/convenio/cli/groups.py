"""What stands behind each word of the command line, named as a string: nothing is imported before it is asked for."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from convenio.cli.spoken import spoken
from convenio.core.errors import NotInstalled
from convenio.core.words import Message, _

FILES = _("With a plain file")
PROGRAMS = _("Programs")
NODE = _("With a node")


@dataclass(frozen=True)
class Group:
    """A word of the command line.

    Args:
        where: "module:attribute" of a Typer app, or of a function that becomes one command.
        about: one line for the help.
        panel: the heading it stands under.
    """

    where: str
    about: Message
    panel: Message


GROUPS: dict[str, Group] = {
    "check": Group("convenio.cli.check:check", _("Look at a file: encoding, columns, types, dates; map it."), FILES),
    "template": Group("convenio.cli.template:template", _("Write an empty file for a type of record."), FILES),
    "dedupe": Group("convenio.cli.people:dedupe", _("Find the people that a file names more than once."), FILES),
    "report": Group("convenio.cli.people:report", _("Report on a file of people: counts, gaps, repeats."), FILES),
    "source": Group("convenio.cli.source:app", _("Public lists and series: list, pull, status."), FILES),
    "programs": Group("convenio.cli.programs:programs", _("List the programs and what each answers."), FILES),
    "demo": Group("convenio.demo.commands:app", _("The story of two nodes on this machine."), NODE),
    "start": Group("convenio.cli.start:start", _("Start a node of your own: one administrator, no peer."), NODE),
    "backup": Group("convenio.cli.backup:backup", _("Write a node's data, without its keys, into an archive."), NODE),
    "restore": Group("convenio.cli.backup:restore", _("Bring a node back from an archive."), NODE),
    "node": Group("convenio.cli.node:app", _("Set up, start and look after a node."), NODE),
    "authority": Group("convenio.cli.authority:app", _("A party's authority: its offline key and its rosters."), NODE),
    "agreement": Group("convenio.cli.agreement:app", _("Agreements: check, compare, sign."), NODE),
    "peer": Group("convenio.cli.peer:app", _("The other party's node."), NODE),
    "ledger": Group("convenio.cli.ledger:app", _("Verify ledgers and the proofs they give."), NODE),
}


class Later(TyperCommand):
    """A command that shows its line in the help and is imported when it is called."""

    def __init__(
        self, name: str, about: Message, panel: Message, load: Callable[[], TyperCommand | TyperGroup]
    ) -> None:
        super().__init__(name=name, help=str(about), rich_help_panel=str(panel))
        self.load = load

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the command itself; importing it happens here."""
        return spoken(self.load()).make_context(info_name, args, parent=parent, **extra)


def present(group: Group) -> bool:
    """Whether the module behind a group is installed."""
    try:
        return importlib.util.find_spec(group.where.partition(":")[0]) is not None
    except ModuleNotFoundError:
        return False


def loaded(where: str, name: str) -> TyperCommand | TyperGroup:
    """The command or group at "module:attribute".

    Raises:
        NotInstalled: the module is there and names no such thing.
    """
    module, _colon, attribute = where.partition(":")
    found = getattr(importlib.import_module(module), attribute, None)
    if found is None:
        raise NotInstalled(_("the command {name} is not part of this installation", name=name))
    return as_command(found, name)


def as_command(found: Any, name: str) -> TyperCommand | TyperGroup:
    """A Typer app as a group, a function as one command."""
    if isinstance(found, typer.Typer):
        group = typer.main.get_group(found)
        group.name = name
        return group
    single = typer.Typer(add_completion=False)
    single.command(name=name)(found)
    command: TyperCommand | TyperGroup = typer.main.get_command(single)  # type: ignore[assignment]
    return command
