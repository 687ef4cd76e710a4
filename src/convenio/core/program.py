"""A program: one field of work. What others see of it is this one object; everything else is named as a string."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convenio.core.errors import NotFound
from convenio.core.words import Message, _, add_catalogue

if TYPE_CHECKING:
    from convenio.core.method import Method

GROUP = "convenio.programs"


@dataclass(frozen=True)
class Program:
    """A field of work.

    Args:
        name: as it is typed (`finance`, `early_warning`).
        title: as people call it.
        answers: the question it answers, one sentence.
        goal: the framework's goal it serves: protect, prevent, pursue or all.
        package: its package; `methods`, `pages`, … are looked up below it.
        methods: "module" that declares its methods, relative to `package`; empty without any.
        commands: "module:attribute" of a Typer app with commands of its own; empty without any.
        pages: "module:attribute" of a function that returns its pages' router; empty without any.
        sharing: "module:attribute" that says what may cross, in which form, and what never does.
        indicators: "module:attribute" with its aggregates for the framework.
        demo: "module:attribute" with its part of the story.
        sources: names of the sources in its folder `sources/`.
    """

    name: str
    title: Message
    answers: Message
    goal: str
    package: str
    methods: str = ""
    commands: str = ""
    pages: str = ""
    sharing: str = ""
    indicators: str = ""
    demo: str = ""
    sources: Sequence[str] = field(default_factory=tuple)

    @property
    def command(self) -> str:
        """The name as it is typed on the command line, with hyphens."""
        return self.name.replace("_", "-")

    @property
    def folder(self) -> Path:
        """Where the program's files lie."""
        module = importlib.import_module(self.package)
        return Path(str(module.__file__)).parent

    def load(self, which: str) -> Any:
        """Import one of the things the program names as a string, e.g. `load("commands")`."""
        named = getattr(self, which)
        if not named:
            raise NotFound(_("the program {name} has no {which}", name=self.name, which=which))
        module, _colon, attribute = named.partition(":")
        loaded = importlib.import_module(f"{self.package}.{module}" if module else self.package)
        return getattr(loaded, attribute) if attribute else loaded

    def declared_methods(self) -> dict[str, Method]:
        """The program's methods by name; imports its methods module."""
        if not self.methods:
            return {}
        from convenio.core.method import methods

        self.load("methods")
        return methods(self.name)


@cache
def discover() -> dict[str, Program]:
    """Every installed program by name, ours and strangers' alike, through the entry-point group `convenio.programs`."""
    found: dict[str, Program] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        program: Program = entry.load()
        add_catalogue(program.folder / "locale")
        found[program.name] = program
    return found


def program(name: str) -> Program:
    """The program called `name`, with hyphens or underscores.

    Raises:
        NotFound: no such program is installed.
    """
    found = discover()
    try:
        return found[name.replace("-", "_")]
    except KeyError:
        raise NotFound(
            _("there is no program {name}", name=name),
            advice=_("installed are: {names}", names=", ".join(found)),
        ) from None
