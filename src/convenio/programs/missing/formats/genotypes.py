"""Genotype tables: one row per sample, one row per sample and locus (GeneMapper), CODIS XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.missing.formats.cmf import read_cmf
from convenio.programs.missing.formats.familias import read_project
from convenio.programs.missing.formats.table import filled, needed, position, rows
from convenio.programs.missing.methods.observation import alleles_of
from convenio.programs.missing.methods.pedigree import Sex, sex_of

SAMPLE = ("sample", "samplename", "samplefile", "muestra", "person", "persona", "specimenid", "id", "name")
MARKER = ("marker", "locus", "marcador")
SEX = ("sex", "sexo")
FAMILY = ("family", "familia")
NOT_LOCI = {"amel", "amelogenin", "yindel"}
SEX_LOCI = {"x": "female", "x/x": "female", "x/y": "male", "y/x": "male"}


@dataclass
class Sample:
    """A sample's genotypes as a file gives them.

    Args:
        id: of the sample.
        family: of the person, where the file says so.
        sex: as given, or as amelogenin shows it.
        profile: locus to genotype, `16/18`.
    """

    id: str
    family: str = ""
    sex: Sex = "unknown"
    profile: dict[str, str] = field(default_factory=dict)


def read_genotypes(path: Path, notes: list[Message] | None = None) -> list[Sample]:
    """Read genotypes.

    Args:
        path: a table with one row per sample and one or two columns per locus (`vWA`, or `vWA_1` and `vWA_2`); a
            GeneMapper table (`Sample Name, Marker, Allele 1, Allele 2`); a CODIS import file (XML); or a Familias
            project, whose relatives bear their family's name and whose remains bear none.
        notes: receives what a reader must know, such as a locus typed twice.

    Raises:
        InputError: three alleles at a locus, a locus typed differently, no sample.
    """
    if path.suffix.lower() in (".xml", ".cmf"):
        found = [Sample(s.id, profile=dict(s.profile)) for s in read_cmf(path)]
        for each in found:
            _sexed(each)
        return found
    if path.suffix.lower() == ".fam":
        project = read_project(path)
        found = [Sample(p.name, "", p.sex, dict(p.profile)) for p in project.remains]
        for family in project.families:
            found += [Sample(p.name, family.name, p.sex, dict(p.profile)) for p in family.persons if p.profile]
        return found
    listed = list(rows(path))
    where, headings = listed[0]
    notes = notes if notes is not None else []
    sample = needed(headings, SAMPLE, where)
    if position(headings, MARKER) is not None:
        return _long(listed, sample, notes)
    return _wide(listed, sample)


def _long(listed: list[tuple[str, list[str]]], sample: int, notes: list[Message]) -> list[Sample]:
    where, headings = listed[0]
    marker = needed(headings, MARKER, where)
    family, sex = position(headings, FAMILY), position(headings, SEX)
    alleles = [i for i, h in enumerate(headings) if re.fullmatch(r"(allele|alelo)\s*_?\d+", h.strip().lower())]
    if not alleles:
        alleles = [needed(headings, ("genotype", "genotipo", "allele1", "alelo1"), where)]
    found: dict[tuple[str, str], Sample] = {}
    seen: dict[tuple[str, str, str], list[str]] = {}
    for place, cells in filled(listed):
        key = (cells[family] if family is not None else "", cells[sample])
        if not key[1]:
            raise InputError(_("the row names no sample"), where=place)
        each = found.setdefault(key, Sample(key[1], key[0]))
        if sex is not None and cells[sex]:
            each.sex = sex_of(cells[sex])
        values = [cells[i] for i in alleles if cells[i]]
        text = "/".join(values)
        if _plain(cells[marker]) not in NOT_LOCI:
            alleles_of(text, f"{place}: {cells[marker]}")
        if text:
            seen.setdefault((*key, cells[marker]), []).append(_ordered(text))
    for (family_name, id_, locus), texts in seen.items():
        found[family_name, id_].profile[locus] = _agreed(id_, locus, texts, notes)
    for each in found.values():
        _sexed(each)
    return list(found.values())


def _agreed(sample: str, locus: str, texts: Sequence[str], notes: list[Message]) -> str:
    """One genotype from several typings of the same locus.

    Raises:
        InputError: they differ.
    """
    if len(set(texts)) > 1:
        raise InputError(
            _(
                "{locus} was typed {number} times, differently: {genotypes}",
                locus=locus,
                number=len(texts),
                genotypes=", ".join(texts),
            ),
            where=sample,
            advice=_("decide which typing holds and leave the others out"),
            kept=_("nothing was read"),
        )
    if len(texts) > 1:
        notes.append(
            _("{sample}: {locus} was typed {number} times, alike", sample=sample, locus=locus, number=len(texts))
        )
    return texts[0]


def _wide(listed: list[tuple[str, list[str]]], sample: int) -> list[Sample]:
    where, headings = listed[0]
    family, sex = position(headings, FAMILY), position(headings, SEX)
    columns: dict[str, list[int]] = {}
    for i, heading in enumerate(headings):
        if i not in (sample, family, sex) and heading:
            columns.setdefault(re.sub(r"([ _.\-](1|2|a|b))$", "", heading), []).append(i)
    many = [name for name, places in columns.items() if len(places) > 2]
    if many:
        raise InputError(_("locus {locus} has more than two columns", locus=many[0]), where=where)
    found: dict[tuple[str, str], Sample] = {}
    for place, cells in filled(listed):
        each = Sample(cells[sample], cells[family] if family is not None else "")
        if not each.id:
            raise InputError(_("the row names no sample"), where=place)
        if (each.family, each.id) in found:
            raise InputError(_("sample {id} stands twice", id=each.id), where=place, kept=_("nothing was read"))
        if sex is not None:
            each.sex = sex_of(cells[sex])
        for name, places in columns.items():
            text = "/".join(cells[i] for i in places if cells[i])
            if text:
                if _plain(name) not in NOT_LOCI:
                    alleles_of(text, f"{place}: {name}")
                each.profile[name] = _ordered(text)
        _sexed(each)
        found[each.family, each.id] = each
    return list(found.values())


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _ordered(text: str) -> str:
    parts = text.replace(",", "/").split("/")
    return "/".join(sorted((p.strip() for p in parts), key=lambda p: (len(p.split(".")[0]), p)))


def _sexed(sample: Sample) -> None:
    """Take the sex markers out of the profile, and the sex from amelogenin where the file has no other.

    Raises:
        InputError: amelogenin contradicts the recorded sex.
    """
    for name in [n for n in sample.profile if _plain(n) in NOT_LOCI]:
        text = sample.profile.pop(name).lower().replace(" ", "")
        shown = SEX_LOCI.get(text)
        if shown is None or not _plain(name).startswith("amel"):
            continue
        if sample.sex not in ("unknown", shown):
            raise InputError(
                _("amelogenin shows {genotype}, but the sample is recorded as the other sex", genotype=text.upper()),
                where=sample.id,
                advice=_("check whether samples were exchanged"),
            )
        sample.sex = "female" if shown == "female" else "male"
