"""Lineage comparisons from files: every set of remains beside every relative."""

from __future__ import annotations

from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.formats.genotypes import SAMPLE, read_genotypes
from convenio.programs.missing.formats.table import filled, needed, rows
from convenio.programs.missing.methods.lineage import LineageResult, compare_mitochondrial, compare_y


def compared(
    kind: str, remains: Path, relatives: Path, database: Path | None, meioses: int
) -> list[tuple[str, str, LineageResult]]:
    """Remains, relative and result, pair by pair.

    Args:
        kind: `y` or `mitochondrial`.
        remains: genotype table for `y`; for `mitochondrial` a table with `sample` and `variants`, separated by blanks.
        relatives: likewise.
        database: likewise; None without.
        meioses: transmissions between the two.

    Raises:
        InputError: the kind is neither, or a file cannot be read.
    """
    if kind.lower() == "y":
        one, two = _haplotypes(remains), _haplotypes(relatives)
        known = None if database is None else list(_haplotypes(database).values())
        return [(r, f, compare_y(one[r], two[f], database=known, meioses=meioses)) for r in one for f in two]
    if kind.lower() in ("mitochondrial", "mt", "mitocondrial"):
        left, right = _sequences(remains), _sequences(relatives)
        held = None if database is None else list(_sequences(database).values())
        return [
            (r, f, compare_mitochondrial(left[r], right[f], database=held, meioses=meioses))
            for r in left
            for f in right
        ]
    raise InputError(_("{kind} is no line", kind=kind), advice=_("write y or mitochondrial"))


def _haplotypes(path: Path) -> dict[str, dict[str, str]]:
    return {each.id: each.profile for each in read_genotypes(path)}


def _sequences(path: Path) -> dict[str, list[str]]:
    listed = list(rows(path))
    where, headings = listed[0]
    sample, variants = needed(headings, SAMPLE, where), needed(headings, ("variants", "variantes"), where)
    found: dict[str, list[str]] = {}
    for place, cells in filled(listed):
        if cells[sample] in found:
            raise InputError(_("sample {id} stands twice", id=cells[sample]), where=place)
        found[cells[sample]] = cells[variants].split()
    return found
