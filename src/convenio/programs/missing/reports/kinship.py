"""The report of a kinship comparison, and its figures as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from convenio.core.words import Message, _
from convenio.programs.missing.formats.pedigrees import Section, write_pedigree
from convenio.programs.missing.methods.kinship import KinshipResult
from convenio.programs.missing.methods.verbal import in_words
from convenio.programs.missing.reports.frame import (
    figure,
    frequencies,
    heading,
    item,
    notes,
    power_of_ten,
    repeat,
    table,
    title,
)


def engine_in_words(engine: str) -> Message:
    """What an engine does with untyped founders."""
    if engine == "familias":
        return _(
            "familias: an untyped founder with a single child is left out, and that child's allele is the population's"
        )
    return _("pedprobr: every untyped founder is kept and can mutate")


def kinship_report(
    result: KinshipResult,
    genotypes: Mapping[str, Mapping[str, object]],
    files: Sequence[Path],
    parameters: Sequence[tuple[str, object]] = (),
) -> str:
    """The report as text: hypotheses, population, model, each locus and the total, in words, and how to repeat it."""
    names = [n for n in result.hypotheses if n != result.against]
    lines = title(_("Kinship: likelihood ratios"))
    lines += heading(_("Result"))
    for name in names:
        log10 = result.log10(name)
        lines.append(f"- LR({name} : {result.against}) = {power_of_ten(log10)}; log10 LR = {figure(log10)}")
        lines.append(f"  {in_words(log10, name, result.against)}.")
    lines += heading(_("Hypotheses"))
    for name, pedigrees in result.hypotheses.items():
        lines.append("```")
        for each in pedigrees:
            lines += write_pedigree(Section(name, each), kind="hypothesis").rstrip().split("\n")
        lines.append("```")
    lines += heading(_("Model"))
    population = result.population
    size = _("{number} persons", number=population.size) if population.size else _("number of persons not stated")
    theta = f"{result.model.theta:g}" if result.model.theta else _("0, no coancestry correction")
    lines += [
        item(_("population"), f"{population.name} ({size})"),
        item(_("mutation"), result.mutation),
        item(_("engine"), engine_in_words(result.model.engine)),
        item(_("coancestry coefficient theta"), theta),
        item(_("silent alleles"), _silent(result)),
        item(_("drop-out per copy; drop-in"), _losses(result)),
        item(_("loci"), _("taken to be independent")),
    ]
    lines += heading(_("Locus by locus"))
    headings: list[object] = [_("locus"), *result.persons, *[f"LR {name}" for name in names]]
    rows = [
        [
            each.locus.name,
            *[_shown(genotypes[p], each.locus.name) for p in result.persons],
            *[figure(each.ratios[name]) for name in names],
        ]
        for each in result.loci
    ]
    totals: list[object] = [_("total"), *[""] * len(result.persons), *[power_of_ten(result.log10(n)) for n in names]]
    lines += table(headings, [*rows, totals])
    lines += frequencies(
        (each.locus, [a for seen in each.typed.values() for a in seen.alleles]) for each in result.loci
    )
    lines += _linkage(result, names)
    lines += notes(result.notes)
    lines += repeat(files, parameters)
    return "\n".join(lines) + "\n"


def _shown(profile: Mapping[str, object], locus: str) -> str:
    spelled = {name.upper(): name for name in profile}
    return str(profile[spelled[locus.upper()]]) if locus.upper() in spelled else "-"


def _silent(result: KinshipResult) -> str:
    values = sorted({each.locus.silent for each in result.loci})
    return ", ".join(f"{v:g}" for v in values) if any(values) else str(_("none"))


def _losses(result: KinshipResult) -> str:
    """Drop-out by person, and drop-in, as they were used."""
    seen = {id_: each for locus in result.loci for id_, each in locus.typed.items() if each.dropout}
    if not seen:
        return str(_("none"))
    losses = ", ".join(f"{id_} {each.dropout:g}" for id_, each in seen.items())
    return f"{losses}; {max(each.dropin for each in seen.values()):g}"


def _linkage(result: KinshipResult, names: Sequence[str]) -> list[str]:
    """What linkage changes, exactly, and what leaving out one of two linked loci would change."""
    lines: list[str] = []
    held = {each.locus.name: each for each in result.loci}
    for pair in result.population.linked():
        if not {pair.one, pair.two} <= set(held):
            continue
        lines += heading(_("Linked loci"))
        lines.append(
            str(_("{one} and {two} lie {distance} Mb apart.", one=pair.one, two=pair.two, distance=pair.megabases))
        )
        for name in names:
            for effect in result.linkage:
                if effect.loci == (pair.one, pair.two):
                    factor = effect.correction(name, result.against)
                    label = _(
                        "recombination {fraction}: the total times {factor}",
                        fraction=effect.recombination,
                        factor=figure(factor),
                    )
                    lines.append(f"- {name}: {label}")
            for out in (pair.one, pair.two):
                ratio = held[out].ratios[name]
                less = result.log10(name) - math.log10(ratio) if ratio > 0 else math.nan
                label = _("without {locus} the total is {value}", locus=out, value=power_of_ten(less))
                lines.append(f"- {name}: {label}")
    return lines


def kinship_json(result: KinshipResult) -> dict[str, Any]:
    """The figures as JSON; an impossible or infinite ratio is a text."""
    return {
        "hypotheses": list(result.hypotheses),
        "against": result.against,
        "population": result.population.name,
        "engine": result.model.engine,
        "theta": result.model.theta,
        "mutation": result.mutation,
        "loci": [
            {
                "locus": each.locus.name,
                "typed": list(each.typed),
                "likelihood": dict(each.likelihoods),
                "lr": {n: _plain(v) for n, v in each.ratios.items()},
            }
            for each in result.loci
        ],
        "total": {
            n: {
                "lr": _plain(result.total(n)),
                "log10_lr": _plain(result.log10(n)),
                "in_words": in_words(result.log10(n), n, result.against).in_both(),
            }
            for n in result.hypotheses
        },
        "linkage": [
            {
                "loci": list(each.loci),
                "recombination": each.recombination,
                "correction": {n: each.correction(n, result.against) for n in result.hypotheses},
            }
            for each in result.linkage
        ],
        "notes": [each.in_both() for each in result.notes],
    }


def _plain(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
