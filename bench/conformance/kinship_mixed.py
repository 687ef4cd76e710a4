"""The mixed reference cases: X-linked, founder inbreeding, mutation matrices."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from convenio.programs.missing.methods import Locus, Mutation, Pedigree, Person
from convenio.programs.missing.methods.likelihood import locus_likelihood
from convenio.programs.missing.methods.mutation import matrix
from convenio.programs.missing.methods.observation import Observation, alleles_of
from convenio.programs.missing.methods.pedigree import sex_of, singleton

MIXED = {"x_linked", "founder_inbreeding_sibs", "mutation_matrices"}


def relative(ours: float, reference: float) -> float:
    """Error relative to the reference; 1 where one of the two is zero and the other is not."""
    if ours == reference or (math.isnan(ours) and math.isnan(reference)):
        return 0.0
    if not (math.isfinite(ours) and math.isfinite(reference)):
        return 1.0
    return abs(ours - reference) / abs(reference) if reference else 1.0


PARENTS = [["F", 0, 0, 1], ["M", 0, 0, 2]]
GRANDPARENTS = [["G", 0, 0, 1], ["A", 0, 0, 2]]
X_PEDIGREES: dict[str, list[list[Any]]] = {
    "x_full_sisters": [*PARENTS, ["A", "F", "M", 2], ["B", "F", "M", 2]],
    "x_full_brothers": [*PARENTS, ["A", "F", "M", 1], ["B", "F", "M", 1]],
    "x_brother_sister": [*PARENTS, ["A", "F", "M", 1], ["B", "F", "M", 2]],
    "x_paternal_half_sisters": [*PARENTS, ["N", 0, 0, 2], ["A", "F", "M", 2], ["B", "F", "N", 2]],
    "x_maternal_half_sisters": [*PARENTS, ["N", 0, 0, 1], ["A", "F", "M", 2], ["B", "N", "M", 2]],
    "x_paternal_grandmother": [*GRANDPARENTS, ["F", "G", "A", 1], ["M", 0, 0, 2], ["B", "F", "M", 2]],
    "x_maternal_grandmother": [*GRANDPARENTS, ["M", "G", "A", 2], ["F", 0, 0, 1], ["B", "F", "M", 2]],
    "x_mother_daughter": [["A", 0, 0, 2], ["F", 0, 0, 1], ["B", "F", "A", 2]],
    "x_father_daughter": [["A", 0, 0, 1], ["M", 0, 0, 2], ["B", "A", "M", 2]],
}
SISTERS = {"A": "11/13", "B": "13/14"}
TYPED = re.compile(r"\b([AB])=([\d.]+(?:/[\d.]+)?)")


def rows(given: list[list[Any]], inbreeding: float = 0.0) -> Pedigree:
    return Pedigree.of(
        Person(i, f or None, m or None, sex_of(s), inbreeding if i == "M" else 0.0) for i, f, m, s in given
    )


def mixed_cases(cases: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for case in cases.get("x_linked") or []:
        if case["id"] not in X_PEDIGREES:
            yield case["id"], math.nan
            continue
        locus = Locus.of("X", case["freqs"], chromosome="X")
        told = dict(TYPED.findall(case.get("description", "")))
        typed = {id_: Observation(alleles_of(told.get(id_, text), id_)) for id_, text in SISTERS.items()}
        family = rows(X_PEDIGREES[case["id"]])
        related = locus_likelihood([family], locus, typed)
        apart = locus_likelihood([singleton(id_, family.by_id[id_].sex) for id_ in typed], locus, typed)
        yield case["id"], max(relative(related, case["H1"]), relative(apart, case["H2"]))
    inbred = cases.get("founder_inbreeding_sibs")
    if inbred:
        locus = Locus.of("L", inbred["freqs"])
        typed = {"A": Observation(("11", "13")), "B": Observation(("13",))}
        for each in inbred["values"]:
            ours = locus_likelihood([rows(X_PEDIGREES["x_full_sisters"], each["F"])], locus, typed)
            yield f"founder_inbreeding_{each['F']}", relative(ours, each["lik"])
    for i, case in enumerate(cases.get("mutation_matrices") or []):
        model = Mutation(case["model"][0], *case["model"][1:])
        locus = Locus.of("L", dict(zip(case["alleles"], case["freqs"], strict=True)), mutation=model)
        ours = matrix(model, locus.alleles, locus.probabilities)
        reference = [case["matrix"][a] for a in case["alleles"]]
        errors = [
            relative(a, b)
            for row, ref in zip(ours.tolist(), reference, strict=True)
            for a, b in zip(row, ref, strict=True)
        ]
        yield f"matrix_{i + 1}_{case['model'][0]}", max(errors)
