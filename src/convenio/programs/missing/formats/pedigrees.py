"""Pedigree files: a text a person can read, linkage (PED) files, tables of id, father, mother, sex.

The text has one person per line, in sections::

    family Robles
    Luis    male
    Ana     female
    Pedro   male     child of Luis and Ana   missing
    Rosa    female   child of Luis and Ana
    Inés    female   inbreeding 0.0625

A section begins with `family NAME` or `hypothesis NAME` (`familia`, `hipótesis`); what follows a `#` is a remark. In
Spanish a line reads `Pedro hombre hijo de Luis y Ana desaparecido`; `-` stands for an unknown parent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import Language, _, language
from convenio.files.encoding import find_encoding, open_text, windows
from convenio.programs.missing.formats.familias import FamFamily, read_project
from convenio.programs.missing.formats.table import filled, needed, place, position, rows
from convenio.programs.missing.methods.pedigree import Pedigree, Person, sex_of

SECTION = re.compile(r"(family|familia|hypothesis|hipótesis|hipotesis)\s+(\S.*)", re.IGNORECASE)
LINE = re.compile(
    r"(?P<id>\S+)\s+(?P<sex>male|female|unknown|hombre|mujer|desconocido)"
    r"(?:\s+(?:child of|hijo de|hija de)\s+(?P<father>\S+)\s+(?:and|y|e)\s+(?P<mother>\S+))?"
    r"(?:\s+(?P<missing>missing|desaparecido|desaparecida))?"
    r"(?:\s+(?:inbreeding|consanguinidad)\s+(?P<inbreeding>[\d.]+))?",
    re.IGNORECASE,
)
NOBODY = {"", "0", "-", "na", "none"}


@dataclass
class Section:
    """A pedigree of a file.

    Args:
        name: of the family or hypothesis.
        pedigree: the persons.
        missing: ids marked as missing.
    """

    name: str
    pedigree: Pedigree
    missing: tuple[str, ...] = ()


@dataclass
class _Open:
    name: str
    persons: list[Person] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def close(self) -> Section:
        return Section(self.name, Pedigree.of(self.persons, self.name), tuple(self.missing))


def read_pedigrees(path: Path) -> list[Section]:
    """Read pedigrees.

    Args:
        path: a readable text, a Familias project (`.fam`), a linkage file (`.ped`: family, id, father, mother and
            sex, without headings) or a table with headings `id, father, mother, sex`, perhaps `family`, `missing`.

    Raises:
        InputError: a line cannot be read, or a pedigree cannot be.
    """
    if path.suffix.lower() == ".fam":
        return [_of_project(each) for each in read_project(path).families]
    if path.suffix.lower() == ".ped":
        return _linkage(path)
    if path.suffix.lower() in (".csv", ".tsv"):
        return _table(path)
    return _readable(path)


def _of_project(family: FamFamily) -> Section:
    """A family of a Familias project; a parent who is not listed is left unknown."""
    sexes = {p.name: p.sex for p in family.persons}
    sexes.setdefault(family.missing, "unknown")
    parents: dict[str, dict[str, str]] = {name: {} for name in sexes}
    for parent, child in family.relations:
        for name in (parent, child):
            if name not in sexes:
                raise InputError(_("{id} is not in the pedigree", id=name), where=family.name)
        role = "mother" if sexes[parent] == "female" else "father"
        if role in parents[child]:
            raise InputError(_("{id} has two parents of one sex", id=child), where=family.name)
        parents[child][role] = parent
    persons = (Person(n, parents[n].get("father"), parents[n].get("mother"), sexes[n]) for n in sexes)
    return Section(family.name, Pedigree.of(persons, family.name), (family.missing,))


def _readable(path: Path) -> list[Section]:
    if not path.is_file():
        raise InputError(_("there is no file {name}", name=path.name), where=str(path))
    with open_text(path, find_encoding(windows(path))) as text:
        return parse_pedigrees(text, path)


def parse_pedigrees(lines: Iterable[str], path: Path) -> list[Section]:
    """Pedigrees from lines of readable text.

    Args:
        lines: the text.
        path: what errors call it; its stem names a pedigree without a heading.

    Raises:
        InputError: a line cannot be read, or a pedigree cannot be.
    """
    sections: list[_Open] = []
    for number, line in enumerate(lines, 1):
        content = line.split("#", 1)[0].strip()
        if not content:
            continue
        begins = SECTION.fullmatch(content)
        if begins:
            sections.append(_Open(begins[2].strip()))
            continue
        if not sections:
            sections.append(_Open(path.stem))
        _line(content, sections[-1], place(path, number))
    names = [each.name for each in sections]
    for name in names:
        if names.count(name) > 1:
            raise InputError(_("{id} stands twice", id=name), where=path.name)
    if not any(each.persons for each in sections):
        raise InputError(_("the file is empty"), where=path.name)
    return [each.close() for each in sections]


def _line(content: str, section: _Open, where: str) -> None:
    read = LINE.fullmatch(content)
    if read is None:
        raise InputError(
            _("this line is no person: {line}", line=content),
            where=where,
            advice=_("write, for example: Pedro male child of Luis and Ana missing"),
        )
    inbreeding = float(read["inbreeding"] or 0)
    section.persons.append(
        Person(read["id"], _parent(read["father"]), _parent(read["mother"]), sex_of(read["sex"]), inbreeding)
    )
    if read["missing"]:
        section.missing.append(read["id"])


def _linkage(path: Path) -> list[Section]:
    sections: dict[str, _Open] = {}
    if not path.is_file():
        raise InputError(_("there is no file {name}", name=path.name), where=str(path))
    with open_text(path, find_encoding(windows(path))) as text:
        for number, line in enumerate(text, 1):
            cells = line.split("#", 1)[0].split()
            if not cells:
                continue
            if len(cells) < 5:
                raise InputError(
                    _("the row has {number} cells", number=len(cells)),
                    where=place(path, number),
                    advice=_("a linkage file has family, id, father, mother and sex on each line"),
                )
            each = sections.setdefault(cells[0], _Open(cells[0]))
            each.persons.append(Person(cells[1], _parent(cells[2]), _parent(cells[3]), sex_of(cells[4])))
    if not sections:
        raise InputError(_("the file is empty"), where=path.name)
    return [each.close() for each in sections.values()]


def _table(path: Path) -> list[Section]:
    listed = list(rows(path))
    where, headings = listed[0]
    columns = {
        "id": needed(headings, ("id", "person", "persona"), where),
        "father": needed(headings, ("father", "fid", "dadid", "padre"), where),
        "mother": needed(headings, ("mother", "mid", "momid", "madre"), where),
        "sex": needed(headings, ("sex", "sexo"), where),
    }
    family = position(headings, ("family", "familia", "hypothesis", "hipotesis", "hipótesis"))
    missing = position(headings, ("missing", "desaparecido", "desaparecida"))
    sections: dict[str, _Open] = {}
    for spot, cells in filled(listed):
        name = cells[family] if family is not None else path.stem
        each = sections.setdefault(name, _Open(name))
        held = {key: cells[column] for key, column in columns.items()}
        if not held["id"]:
            raise InputError(_("the row names no person"), where=spot)
        each.persons.append(Person(held["id"], _parent(held["father"]), _parent(held["mother"]), sex_of(held["sex"])))
        if missing is not None and cells[missing].lower() in ("1", "true", "yes", "x", "sí", "si"):
            each.missing.append(held["id"])
    if not sections:
        raise InputError(_("the file is empty"), where=path.name)
    return [each.close() for each in sections.values()]


def _parent(text: str | None) -> str | None:
    return None if text is None or text.strip().lower() in NOBODY else text.strip()


WORDS: dict[Language, dict[str, str]] = {
    "en": {"child": "child of {father} and {mother}"},
    "es": {
        "family": "familia",
        "hypothesis": "hipótesis",
        "male": "hombre",
        "female": "mujer",
        "unknown": "desconocido",
        "child": "hijo de {father} y {mother}",
        "daughter": "hija de {father} y {mother}",
        "missing": "desaparecido",
        "missing woman": "desaparecida",
        "inbreeding": "consanguinidad",
    },
}


def write_pedigree(section: Section, *, kind: str = "family") -> str:
    """A pedigree as readable text, in the language of the context; `read_pedigrees` reads both."""
    words = WORDS[language.get()]
    width = max(len(p.id) for p in section.pedigree.persons)
    lines = [f"{words.get(kind, kind)} {section.name}"]
    for p in section.pedigree.persons:
        woman = p.sex == "female"
        line = f"{p.id:<{width}}  {words.get(p.sex, p.sex):<7}"
        if not p.founder:
            descent = words.get("daughter", words["child"]) if woman else words["child"]
            line += "  " + descent.format(father=p.father or "-", mother=p.mother or "-")
        if p.id in section.missing:
            line += "  " + (words.get("missing woman", "missing") if woman else words.get("missing", "missing"))
        if p.inbreeding:
            line += f"  {words.get('inbreeding', 'inbreeding')} {p.inbreeding:g}"
        lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
