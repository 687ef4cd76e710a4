"""Kinship likelihood ratios beside R pedsuite and Familias: the largest relative error of every case.

.venv/bin/python -m bench.conformance.kinship FILE [--json FILE|-]

FILE is any of the reference files: kinship cases (an object by case id), Familias cases (a list with `inputs`),
drop-out cases (a list that names its base cases, which are looked for in the files beside it) or the mixed cases.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.harness import Row
from convenio.programs.missing.methods import Locus, Mutation, Pedigree, Person, SexMutation
from convenio.programs.missing.methods.likelihood import Model, locus_likelihood
from convenio.programs.missing.methods.mutation import matrix
from convenio.programs.missing.methods.observation import Observation, alleles_of
from convenio.programs.missing.methods.pedigree import sex_of, singleton

GOAL = 1e-9


def relative(ours: float, reference: float) -> float:
    """Error relative to the reference; 1 where one of the two is zero and the other is not."""
    if ours == reference or (math.isnan(ours) and math.isnan(reference)):
        return 0.0
    if not (math.isfinite(ours) and math.isfinite(reference)):
        return 1.0
    return abs(ours - reference) / abs(reference) if reference else 1.0


def mutation_of(given: Any) -> SexMutation:
    """Mutation parameters as the files write them: none, one model, by sex inside each parameter, or a list by sex."""
    if not given:
        return SexMutation()
    if isinstance(given, list):
        by_sex = {each["_row"]: mutation_of({k: v for k, v in each.items() if k != "_row"}).male for each in given}
        return SexMutation(by_sex["male"], by_sex["female"])

    def one(sex: str) -> Mutation:
        def value(name: str, default: float) -> float:
            held = given.get(name)
            held = held.get(sex, default) if isinstance(held, Mapping) else held
            return default if held is None else float(held)

        model = given["model"]
        return Mutation(
            model.get(sex) if isinstance(model, Mapping) else model,
            value("rate", 0),
            value("rate2", 0),
            value("range", 0.1),
        )

    return SexMutation(one("male"), one("female"))


def pedigrees_of(given: list[list[dict[str, Any]]]) -> list[Pedigree]:
    def name(value: Any) -> str | None:
        return None if value in (None, 0, "0", "NA") else str(value)

    return [
        Pedigree.of(
            Person(str(p["id"]), name(p["fid"]), name(p["mid"]), sex_of(p["sex"]), float(p.get("founder_inb") or 0))
            for p in pedigree
        )
        for pedigree in given
    ]


def likelihoods(
    inputs: Mapping[str, Any],
    mutation: Any,
    model: Model,
    silent: float = 0.0,
    dropout: Mapping[str, float] | None = None,
) -> dict[str, dict[str, float]]:
    """Likelihood by hypothesis and marker of one case."""
    named = {h["name"]: pedigrees_of(h["pedigrees"]) for h in inputs["hypotheses"]}
    found: dict[str, dict[str, float]] = {name: {} for name in named}
    for marker in inputs["markers"]:
        locus = Locus.of(
            marker["name"],
            dict(zip(map(str, marker["alleles"]), marker["freqs"], strict=True)),
            chromosome=marker.get("chrom") or "A",
            mutation=mutation_of(marker.get("mutation") or mutation),
            silent=silent,
        )
        typed = {}
        for person, profile in inputs["genotypes"].items():
            alleles = alleles_of(profile.get(locus.name), f"{person} {locus.name}")
            if alleles:
                typed[person] = Observation(alleles, (dropout or {}).get(person, 0.0))
        for name, pedigrees in named.items():
            found[name][locus.name] = locus_likelihood(pedigrees, locus, typed, model)
    return found


def ratio(value: float, over: float) -> float:
    """A likelihood ratio as R gives it: infinite or not a number where the reference is impossible."""
    if over:
        return value / over
    return math.inf if value else math.nan


def product(values: Mapping[str, float], over: Mapping[str, float]) -> float:
    result = 1.0
    for name, value in values.items():
        result *= ratio(value, over[name])
    return result


def number(value: Any) -> float:
    """A figure of the files: `Inf`, `-Inf`, `NaN`, `NA` and null are texts or nothing there."""
    if value is None or value == "NA":
        return math.nan
    return float(value)


def kinship_case(case: Mapping[str, Any]) -> float:
    engine = "familias" if "amilias" in str(case.get("engine", "")) else "pedprobr"
    ours = likelihoods(case, case.get("mutation"), Model(engine, case.get("theta") or 0.0), case.get("silent") or 0.0)
    result, errors = case["result"], [0.0]
    for name, by_marker in result.get("likelihood_per_marker", {}).items():
        errors += [relative(ours[name][marker], number(value)) for marker, value in by_marker.items()]
    for pair, by_marker in result.get("LR_per_marker", {}).items():
        name, over = pair.rsplit(":", 1)
        errors += [relative(ratio(ours[name][m], ours[over][m]), number(v)) for m, v in by_marker.items()]
    for pair, value in result["LR_total"].items():
        name, over = pair.rsplit(":", 1)
        errors.append(relative(product(ours[name], ours[over]), number(value)))
    return max(errors)


def familias_case(case: Mapping[str, Any]) -> float:
    ours = likelihoods(
        case["inputs"], case.get("mutation"), Model("familias", case.get("theta") or 0.0), case.get("silent") or 0.0
    )
    names = list(ours)
    over = case.get("reference") or next(
        (n for n in reversed(names) if all(number(v) == 1 for v in case["LR_per_marker"][n].values())), names[-1]
    )
    errors = [relative(product(ours[n], ours[over]), number(v)) for n, v in case["LR_total"].items()]
    for name, by_marker in case["LR_per_marker"].items():
        errors += [relative(ratio(ours[name][m], ours[over][m]), number(v)) for m, v in by_marker.items()]
    return max(errors)


def dropout_case(case: Mapping[str, Any], base: Mapping[str, Any]) -> float:
    ours = likelihoods(base, None, Model(), dropout={case["who"]: case["dropout"]})
    one, over = ours["H1"], ours[list(ours)[-1]]
    errors = [relative(product(one, over), number(case["LR_total"]))]
    ratios = [ratio(one[m], over[m]) for m in one]
    return max(errors + [relative(a, number(b)) for a, b in zip(ratios, case["LR_per_marker"], strict=True)])


X_PEDIGREES = {
    "x_full_sisters": [["F", 0, 0, 1], ["M", 0, 0, 2], ["A", "F", "M", 2], ["B", "F", "M", 2]],
    "x_paternal_half_sisters": [
        ["F", 0, 0, 1],
        ["M", 0, 0, 2],
        ["N", 0, 0, 2],
        ["A", "F", "M", 2],
        ["B", "F", "N", 2],
    ],
    "x_paternal_grandmother": [["G", 0, 0, 1], ["A", 0, 0, 2], ["F", "G", "A", 1], ["M", 0, 0, 2], ["B", "F", "M", 2]],
}


def rows(given: list[list[Any]], inbreeding: float = 0.0) -> Pedigree:
    return Pedigree.of(
        Person(i, f or None, m or None, sex_of(s), inbreeding if i == "M" else 0.0) for i, f, m, s in given
    )


def mixed_cases(cases: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    typed = {"A": Observation(("11", "13")), "B": Observation(("13", "14"))}
    for case in cases.get("x_linked", []):
        if case["id"] not in X_PEDIGREES:
            continue
        locus = Locus.of("X", case["freqs"], chromosome="X")
        related = locus_likelihood([rows(X_PEDIGREES[case["id"]])], locus, typed)
        apart = locus_likelihood([singleton("A", "female"), singleton("B", "female")], locus, typed)
        yield case["id"], max(relative(related, case["H1"]), relative(apart, case["H2"]))
    inbred = cases.get("founder_inbreeding_sibs")
    if inbred:
        locus = Locus.of("L", inbred["freqs"])
        typed = {"A": Observation(("11", "13")), "B": Observation(("13",))}
        for each in inbred["values"]:
            ours = locus_likelihood([rows(X_PEDIGREES["x_full_sisters"], each["F"])], locus, typed)
            yield f"founder_inbreeding_{each['F']}", relative(ours, each["lik"])
    for i, case in enumerate(cases.get("mutation_matrices", [])):
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


def bases(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Inputs by base case id, from the files beside the one that was given."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(folder.glob("*.json")):
        cases = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(cases, list):
            found |= {c["base_case"]: c["inputs"] for c in cases if isinstance(c, dict) and "inputs" in c}
        else:
            found |= {i: c for i, c in cases.items() if isinstance(c, dict) and "hypotheses" in c}
    return found


def errors_of(path: Path) -> dict[str, float]:
    """The largest relative error of every case of a file."""
    cases = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, float] = {}
    if isinstance(cases, Mapping) and {"x_linked", "mutation_matrices", "founder_inbreeding_sibs"} & set(cases):
        return dict(mixed_cases(cases))
    listed = cases.items() if isinstance(cases, Mapping) else ((case["id"], case) for case in cases)
    beside: dict[str, Mapping[str, Any]] | None = None
    for id_, case in listed:
        if "dropout" in case and "inputs" not in case:
            beside = bases(path.parent) if beside is None else beside
            if case["base_case"] in beside:
                found[id_] = dropout_case(case, beside[case["base_case"]])
        elif "inputs" in case:
            found[id_] = familias_case(case)
        else:
            found[id_] = kinship_case(case)
    return found


def run(path: Path) -> tuple[dict[str, float], list[Row]]:
    found = errors_of(path)
    worst = max(found.values(), default=0.0)
    return found, [
        Row(f"{path.stem}: {len(found)} cases", worst, "largest relative error", goal=f"≤ {GOAL:g}", met=worst <= GOAL)
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", type=Path)
    options.add_argument("--json", metavar="FILE|-", help="write max_rel_error by case id; - for standard output")
    chosen = options.parse_args()
    found, summary = run(chosen.file)
    text = json.dumps({id_: {"max_rel_error": value} for id_, value in found.items()}, indent=2)
    if chosen.json == "-":
        print(text)
    else:
        if chosen.json:
            Path(chosen.json).write_text(text + "\n", encoding="utf-8")
        for id_, value in found.items():
            print(f"{id_}: {value:.1e}")
        print(f"{summary[0].what}: {summary[0].ours:.1e} {summary[0].unit}, goal {summary[0].goal}")
    return 0 if summary[0].met else 1


if __name__ == "__main__":
    sys.exit(main())
