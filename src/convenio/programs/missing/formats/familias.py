"""Familias project files (`.fam`) of its DVI module: loci with frequencies, remains, families with their pedigrees.

Read are names, alleles, frequencies, database size, persons, genotypes and parent-child relations. A file's mutation
models are not taken over: they are stated anew on the command line, so that the report holds them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.files.encoding import find_encoding, open_text, windows
from convenio.programs.missing.methods.observation import clean_allele
from convenio.programs.missing.methods.pedigree import Sex, sex_of

COUNT = re.compile(r"(\d+)\s+\(DatabaseSize\s*=\s*(\d+)")
HEADING = re.compile(r"(\[+)\s*(.*?)\s*\]+")
PAIR = re.compile(r"(\w+)\s*=\s*(.*)")
PLACEHOLDER = "Missing person"


@dataclass
class FamPerson:
    """A person of a project: name, sex and genotypes."""

    name: str = ""
    sex: Sex = "unknown"
    profile: dict[str, str] = field(default_factory=dict)


@dataclass
class FamFamily:
    """A reference family: persons, and pairs of parent and child of its first pedigree."""

    name: str = ""
    persons: list[FamPerson] = field(default_factory=list)
    relations: list[tuple[str, str]] = field(default_factory=list)

    @property
    def missing(self) -> str:
        """Name of the missing person: the one whom the pedigrees call `Missing person`."""
        named = [p.name for p in self.persons if p.name.lower().startswith("missing")]
        return named[0] if named else PLACEHOLDER


@dataclass
class Project:
    """What a project file holds.

    Args:
        loci: frequencies by locus and allele.
        size: persons typed for the frequencies: the smallest of all loci.
        remains: unidentified persons.
        families: reference families.
    """

    loci: dict[str, dict[str, float]] = field(default_factory=dict)
    size: int | None = None
    remains: list[FamPerson] = field(default_factory=list)
    families: list[FamFamily] = field(default_factory=list)


def read_project(path: Path) -> Project:
    """Read a Familias project file.

    Raises:
        InputError: it is no such file, a number is none, or it has silent alleles.
    """
    if not path.is_file():
        raise InputError(_("there is no file {name}", name=path.name), where=str(path))
    with open_text(path, find_encoding(windows(path))) as text:
        lines = [line.strip() for line in text]
    if not lines or "Familias" not in lines[0]:
        raise InputError(_("this is no Familias project"), where=path.name)
    found = Project()
    split = next((i for i, line in enumerate(lines) if line == "[DVI]"), len(lines))
    _loci(lines[:split], found, path)
    _cases(lines[split + 1 :], found)
    if not found.loci:
        raise InputError(_("the project holds no loci"), where=path.name)
    return found


def _loci(lines: list[str], found: Project, path: Path) -> None:
    """Every locus: ten lines of parameters above the line that counts its alleles, and the alleles below it."""
    sizes = []
    for i, line in enumerate(lines):
        counted = COUNT.match(line)
        if counted is None or i < 12:
            continue
        name = lines[i - 12].strip('"')
        where = f"{path.name}: {name}"
        if lines[i - 2] != "#FALSE#":
            raise InputError(
                _("the project has silent alleles"),
                where=where,
                advice=_("export the frequencies as a table, and give the silent allele with --silent"),
            )
        alleles: dict[str, float] = {}
        for k in range(int(counted[1])):
            try:
                alleles[clean_allele(lines[i + 1 + 2 * k].strip('"'))] = float(lines[i + 2 + 2 * k])
            except (ValueError, IndexError):
                raise InputError(_("the locus breaks off at allele {number}", number=k + 1), where=where) from None
        found.loci[name] = alleles
        sizes.append(int(counted[2]))
    found.size = min(sizes, default=None)


def _cases(lines: list[str], found: Project) -> None:
    """Sections are told by their heading; `Name=`, `Gender=`, `SystemName=` and the like fill the thing last begun."""
    reader = _Cases(found)
    for line in lines:
        heading, pair = HEADING.fullmatch(line), PAIR.fullmatch(line)
        if heading is not None:
            reader.begin(re.sub(r"\s*\d+$", "", heading[2]), len(heading[1]))
        elif pair is not None:
            reader.take(pair[1], pair[2].strip())


@dataclass
class _Cases:
    found: Project
    part: str = ""
    pedigree: int = 0
    person: FamPerson = field(default_factory=FamPerson)
    family: FamFamily = field(default_factory=FamFamily)
    system: str = ""
    parent: str = ""

    def begin(self, title: str, level: int) -> None:
        """A heading: what follows belongs to something new."""
        if level == 2:
            self.part = title
        elif title == "Person":
            self.person = FamPerson()
            (self.found.remains if self.part == "Unidentified persons" else self.family.persons).append(self.person)
        elif title == "Family":
            self.family, self.pedigree = FamFamily(), 0
            self.found.families.append(self.family)
        elif title == "Pedigree":
            self.pedigree += 1

    def take(self, key: str, value: str) -> None:
        """A line `key= value`."""
        if key == "Name" and self.part == "Reference Families" and not self.family.persons and not self.family.name:
            self.family.name = value
        elif key == "Name" and not self.pedigree:
            self.person.name = value
        elif key == "Gender":
            self.person.sex = sex_of(value)
        elif key == "SystemName":
            self.system = value
        elif key.startswith("Allele"):
            held = self.person.profile.get(self.system)
            allele = clean_allele(value)
            self.person.profile[self.system] = allele if held is None else f"{held}/{allele}"
        elif key == "Parent":
            self.parent = value
        elif key == "Child" and self.pedigree == 1:
            self.family.relations.append((_real(self.parent, self.family), _real(value, self.family)))


def _real(name: str, family: FamFamily) -> str:
    return family.missing if name == PLACEHOLDER else name
