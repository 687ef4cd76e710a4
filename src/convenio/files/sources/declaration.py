"""A source as its `<name>.yml` declares it: publisher, licence, addresses, what is to be expected of it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from convenio.core.errors import InputError, NotFound
from convenio.core.finding import Text
from convenio.core.program import Program, discover
from convenio.core.unfit import why
from convenio.core.words import _

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


class Assertions(BaseModel):
    """What must hold of a file before it may take the place of the last one.

    Args:
        columns: number of columns of every row.
        headings: columns that must be there.
        rows_at_least: fewest rows, headings not counted.
        rows_at_most: most rows.
        bytes_at_least: smallest size.
        end_mark: bytes that a whole file ends with, in hexadecimal.
        shrinks_at_most: share of the rows by which it may be shorter than the state before, from 0 to 1.
    """

    model_config = ConfigDict(extra="allow")

    columns: int | None = Field(default=None, ge=1)
    headings: list[str] = []
    rows_at_least: int | None = Field(default=None, ge=0)
    rows_at_most: int | None = Field(default=None, ge=0)
    bytes_at_least: int | None = Field(default=None, ge=0)
    end_mark: str | None = Field(default=None, pattern=r"^([0-9a-fA-F]{2})+$")
    shrinks_at_most: float | None = Field(default=None, ge=0, le=1)

    @property
    def of_its_own(self) -> list[str]:
        """Names of assertions that only the source's own check knows."""
        return sorted(self.model_extra or {})


class Source(BaseModel):
    """A declared source.

    Args:
        name: as it is typed.
        publisher: who publishes it.
        title: what it is, in both languages.
        address: where its one file is; or
        files: address by file name, where it has several.
        licence: what may be done with it.
        format: its form in words.
        coverage: what it covers, in words.
        every: how often it is published, in words.
        assertions: what must hold of its first file.
        check: "module:function" in the program's package, called with the path of the first file; it raises
            InputError where the file is not what the source is known to be.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=NAME)
    publisher: str = Field(min_length=1)
    title: Text
    address: str = ""
    files: dict[str, str] = {}
    licence: str = Field(min_length=1)
    format: str = ""
    coverage: str = ""
    every: str = ""
    assertions: Assertions = Assertions()
    check: str = ""
    program: str = ""
    package: str = ""

    @property
    def addresses(self) -> dict[str, str]:
        """Address by file name, the main file first."""
        if self.files:
            return self.files
        last = PurePosixPath(urlsplit(self.address).path).name
        return {last if last and "." in last else f"{self.name}.csv": self.address}

    def own_check(self) -> Callable[[Path], Any] | None:
        """The source's own check, imported."""
        if not self.check:
            return None
        module, _colon, attribute = self.check.partition(":")
        found: Callable[[Path], Any] = getattr(importlib.import_module(f"{self.package}.{module}"), attribute)
        return found


def read_source(path: Path, program: Program | None = None) -> Source:
    """Read a declaration.

    Raises:
        InputError: it is no YAML, lacks a field, or has one that is not known; the error names it.
    """
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        made = Source.model_validate(told)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(
            _("the source's declaration cannot be read: {why}", why=str(error)), where=str(path)
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            _("{field} does not fit: {why}", field=".".join(map(str, first["loc"])) or "-", why=why(first)),
            where=path.name,
        ) from error
    if not made.addresses or not all(made.addresses.values()):
        raise InputError(_("the source has no address"), where=path.name)
    if program is not None:
        made.program, made.package = program.name, program.package
    return made


def sources(programs: Mapping[str, Program] | None = None) -> dict[str, Source]:
    """Every source of the installed programs by name."""
    found: dict[str, Source] = {}
    for program in (discover() if programs is None else programs).values():
        for name in program.sources:
            found[name] = read_source(program.folder / "sources" / f"{name}.yml", program)
    return found


def source(name: str) -> Source:
    """The source called `name`.

    Raises:
        NotFound: no installed program has it.
    """
    found = sources()
    try:
        return found[name]
    except KeyError:
        raise NotFound(
            _("there is no source {name}", name=name), advice=_("these are known: {names}", names=", ".join(found))
        ) from None
