"""Allele-frequency tables: one row per allele (NIST, FBI, STRidER), one row per locus and allele, JSON, Familias."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.formats.familias import read_project
from convenio.programs.missing.formats.table import needed, position, rows
from convenio.programs.missing.methods.locus import Locus, Population
from convenio.programs.missing.methods.mutation import SexMutation
from convenio.programs.missing.methods.observation import clean_allele

Table = dict[str, dict[str, float]]


def read_frequencies(
    path: Path,
    *,
    population: str | None = None,
    mutation: SexMutation | None = None,
    silent: float = 0.0,
    x_linked: frozenset[str] = frozenset(),
    stand_in: bool = False,
) -> Population:
    """Read a table of allele frequencies.

    Args:
        path: the file. A table with loci as columns and alleles as rows, where a row `N` gives the sample size; a
            table of `locus, allele, frequency` (and `population`, where there are several); JSON of populations,
            loci and alleles; Familias' text of locus names followed by lines of allele and frequency; or its project.
        population: which population, where the file holds several.
        mutation: mutation models for every locus.
        silent: frequency of a silent allele at every locus.
        x_linked: names of loci on the X chromosome; names that begin with DX are taken to be.
        stand_in: whether the table is used for want of a better one.

    Raises:
        InputError: a number is none, a locus' frequencies do not add to 1, or the population must be named.
    """
    if path.suffix.lower() == ".json":
        table, size, name = _json(path, population)
    elif path.suffix.lower() == ".fam":
        project = read_project(path)
        table, size, name = project.loci, project.size, population or path.stem
    else:
        table, size, name = _text(path, population)
    loci = {}
    for locus, alleles in table.items():
        linked = locus.upper().startswith("DX") or locus in x_linked
        loci[locus] = Locus.of(locus, alleles, chromosome="X" if linked else "A", mutation=mutation, silent=silent)
    return Population(name or path.stem, loci, size, stand_in)


def _json(path: Path, population: str | None) -> tuple[Table, int | None, str]:
    try:
        held: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(_("this is no JSON: {why}", why=str(error)), where=path.name) from error
    except OSError as error:
        raise InputError(_("there is no file {name}", name=path.name), where=str(path)) from error
    if not isinstance(held, Mapping):
        raise InputError(_("this JSON holds no loci"), where=path.name)
    if any(isinstance(each, Mapping) and "loci" in each for each in held.values()):
        name = _chosen({str(each) for each in held}, population, path)
        sizes = held[name].get("N") or {}
        chromosomes = min(sizes.values()) if sizes else None
        return _floats(held[name]["loci"], path), None if chromosomes is None else int(chromosomes) // 2, name
    return _floats(held, path), None, population or path.stem


def _floats(loci: Mapping[str, Any], path: Path) -> Table:
    found: Table = {}
    for locus, alleles in loci.items():
        if not isinstance(alleles, Mapping):
            raise InputError(_("locus {locus} has no alleles", locus=locus), where=path.name)
        found[locus] = {clean_allele(a): _number(v, f"{path.name}, {locus}") for a, v in alleles.items()}
    return found


def _text(path: Path, population: str | None) -> tuple[Table, int | None, str]:
    listed = list(rows(path))
    where, headings = listed[0]
    if (
        position(headings, ("locus", "marker", "marcador")) is not None
        and position(headings, ("allele", "alelo")) is not None
    ):
        return _long(listed, population, path)
    if position(headings[:1], ("allele", "alelo", "alleles", "alelos")) is not None and len(headings) > 1:
        return _wide(listed, population, path)
    if len(headings) == 1:
        return _familias(listed), None, population or path.stem
    raise InputError(
        _("this is no table of allele frequencies that is known here"),
        where=where,
        advice=_("the first heading is Allele with loci beside it, or the headings are locus, allele, frequency"),
    )


def _wide(listed: list[tuple[str, list[str]]], population: str | None, path: Path) -> tuple[Table, int | None, str]:
    headings = listed[0][1]
    table: Table = {name: {} for name in headings[1:] if name}
    size: int | None = None
    for where, cells in listed[1:]:
        label = cells[0]
        if label.upper() in ("N", "2N"):
            counts = [int(_number(c, where)) for c in cells[1:] if c]
            size = min(counts) // (1 if label.upper() == "N" else 2) if counts else None
            continue
        for name, cell in zip(headings[1:], cells[1:], strict=False):
            if name and cell and _number(cell, where):
                _put(table[name], clean_allele(label), _number(cell, where), where, name)
    return table, size, population or path.stem


def _long(listed: list[tuple[str, list[str]]], population: str | None, path: Path) -> tuple[Table, int | None, str]:
    headings = listed[0][1]
    locus = needed(headings, ("locus", "marker", "marcador"), listed[0][0])
    allele = needed(headings, ("allele", "alelo"), listed[0][0])
    value = needed(headings, ("frequency", "freq", "frecuencia"), listed[0][0])
    group, count = position(headings, ("population", "poblacion", "población")), position(headings, ("n",))
    name = population or path.stem
    if group is not None:
        name = _chosen({cells[group] for _w, cells in listed[1:] if len(cells) > group}, population, path)
    table: Table = {}
    sizes = []
    for where, cells in listed[1:]:
        if len(cells) <= max(locus, allele, value):
            raise InputError(_("the row has {number} cells", number=len(cells)), where=where)
        if group is not None and cells[group] != name:
            continue
        frequency = _number(cells[value], where)
        if frequency:
            _put(table.setdefault(cells[locus], {}), clean_allele(cells[allele]), frequency, where, cells[locus])
        if count is not None and cells[count]:
            sizes.append(int(_number(cells[count], where)))
    return table, min(sizes, default=None), name


def _familias(listed: list[tuple[str, list[str]]]) -> Table:
    """Familias' text: the locus' name on a line of its own, then allele and frequency, blank lines between loci."""
    table: Table = {}
    current: dict[str, float] | None = None
    for where, cells in listed:
        parts = " ".join(cells).split()
        if len(parts) == 2 and current is not None:
            _put(current, clean_allele(parts[0]), _number(parts[1], where), where, next(reversed(table)))
        elif len(parts) == 1:
            current = table.setdefault(parts[0], {})
        else:
            raise InputError(_("this line is neither a locus nor an allele with its frequency"), where=where)
    return table


def _put(alleles: dict[str, float], allele: str, value: float, where: str, locus: str) -> None:
    if allele in alleles:
        raise InputError(_("allele {allele} of {locus} stands twice", allele=allele, locus=locus), where=where)
    alleles[allele] = value


def _chosen(names: set[str], population: str | None, path: Path) -> str:
    if population in names:
        return str(population)
    if population is None and len(names) == 1:
        return next(iter(names))
    raise InputError(
        _("the population must be named")
        if population is None
        else _("there is no population {name}", name=population),
        where=path.name,
        advice=_("the file holds {names}", names=", ".join(sorted(names))),
    )


def _number(text: Any, where: str) -> float:
    try:
        return float(str(text).replace(",", ".")) if isinstance(text, str) else float(text)
    except (TypeError, ValueError):
        raise InputError(_("{text} is no number", text=str(text)), where=where) from None
