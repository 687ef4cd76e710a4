"""Kinship likelihood ratios beside R pedsuite and Familias: the largest relative error of every case.

.venv/bin/python -m bench.conformance.kinship FILE [--json FILE|-]

FILE is any of the reference files, or some of their cases: kinship cases, Familias cases (with `inputs`), drop-out
cases (which name base cases, looked for in the files beside and in the reference folder) or the mixed cases; as an
object by case id or as a list. A case that cannot be computed or holds no figure is null, is said on standard error,
and counts as missed; the others are computed all the same.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.conformance.kinship_mixed import MIXED, mixed_cases, relative
from bench.harness import DATA, Row
from convenio.core.errors import ConvenioError
from convenio.programs.missing.methods import Locus, Mutation, Pedigree, Person, SexMutation
from convenio.programs.missing.methods.likelihood import Model, locus_likelihood
from convenio.programs.missing.methods.observation import Observation, alleles_of
from convenio.programs.missing.methods.pedigree import sex_of

GOAL = 1e-9


def mutation_of(given: Any) -> SexMutation:
    """Mutation parameters as the files write them: none, one model, by sex inside each parameter, or a list by sex."""
    if not given:
        return SexMutation()
    if isinstance(given, Mapping) and {"male", "female"} <= set(given):
        return SexMutation(mutation_of(given["male"]).male, mutation_of(given["female"]).male)
    if isinstance(given, list):
        by_sex = {each["_row"]: mutation_of({k: v for k, v in each.items() if k != "_row"}).male for each in given}
        return SexMutation(by_sex["male"], by_sex["female"])

    def one(sex: str) -> Mutation:
        def value(name: str, default: float) -> float:
            held = given.get(name)
            held = held.get(sex, default) if isinstance(held, Mapping) else held
            return default if held is None else float(held)

        model = given["model"]
        table = given.get("matrix")
        if table is not None:
            lines = [list(row.values()) if isinstance(row, Mapping) else row for row in _rows(table)]
            return Mutation("custom", matrix=tuple(tuple(map(float, line)) for line in lines))
        return Mutation(
            model.get(sex) if isinstance(model, Mapping) else model,
            value("rate", 0),
            value("rate2", 0),
            value("range", 0.1),
        )

    return SexMutation(one("male"), one("female"))


def _rows(table: Any) -> Iterable[Any]:
    return table.values() if isinstance(table, Mapping) else table


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


def ours_of(inputs: Mapping[str, Any], case: Mapping[str, Any], dropout: Mapping[str, float]) -> dict[str, Any]:
    """Our likelihoods of a case by hypothesis and marker, with the engine, theta and silent alleles that it names."""
    default = "familias" if "base_case" in case and not dropout else "pedprobr"
    engine = str(case.get("engine") or default)
    return likelihoods(
        inputs,
        case.get("mutation", inputs.get("mutation")),
        Model("familias" if "amilias" in engine else "pedprobr", float(case.get("theta") or 0)),
        float(case.get("silent") or 0),
        dropout,
    )


def expected_of(case: Mapping[str, Any], names: list[str]) -> Iterator[tuple[str, str | None, str, float]]:
    """The case's figures: hypothesis, hypothesis below the line (None: the likelihood itself), marker or `*`, value.

    Written as `H1:H2`, or as `H1` beside a reference that the case names or whose own ratios are all 1. Fields that
    are not known here are passed over.
    """
    told = case.get("result") or case
    for name, by_marker in (told.get("likelihood_per_marker") or {}).items():
        yield from ((name, None, marker, number(value)) for marker, value in by_marker.items())
    ratios, totals = told.get("LR_per_marker") or {}, told.get("LR_total")
    if totals is not None and not isinstance(totals, Mapping):
        totals = {names[0]: totals}
    if not isinstance(ratios, Mapping):
        ratios = {names[0]: dict(enumerate(ratios))}
    over = case.get("reference")
    if over not in names:
        alone = (n for n in reversed(names) if n in ratios and all(number(v) == 1 for v in ratios[n].values()))
        over = next(alone, names[-1])
    for pair, value in (totals or {}).items():
        name, _colon, below = pair.rpartition(":")
        yield (name, below, "*", number(value)) if name in names else (pair, over, "*", number(value))
    for pair, by_marker in ratios.items():
        name, _colon, below = pair.rpartition(":")
        chosen = (name, below) if name in names else (pair, over)
        yield from ((*chosen, marker, number(value)) for marker, value in by_marker.items())


def case_error(case: Mapping[str, Any], inputs: Mapping[str, Any]) -> float:
    """The largest relative error of a case.

    Raises:
        ValueError: the case holds no figure to compare with.
    """
    dropout: Any = case.get("dropout") or {}
    if dropout and not isinstance(dropout, Mapping):
        dropout = {str(case["who"]): float(dropout)}
    ours = ours_of(inputs, case, dropout)
    errors = []
    for name, over, marker, value in expected_of(case, list(ours)):
        if over is None:
            errors.append(relative(ours[name][marker], value))
        elif marker == "*":
            errors.append(relative(product(ours[name], ours[over]), value))
        else:
            key = list(ours[name])[marker] if isinstance(marker, int) else marker
            errors.append(relative(ratio(ours[name][key], ours[over][key]), value))
    if not errors:
        raise ValueError("no figure to compare with")
    return max(errors)


def bases(*folders: Path) -> dict[str, Mapping[str, Any]]:
    """Inputs by base case id, from the files of these folders."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in (each for folder in folders for each in sorted(folder.glob("*.json"))):
        try:
            cases = listed(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, OSError):
            continue
        for id_, case in cases.items():
            if "inputs" in case:
                found.setdefault(str(case.get("base_case", id_)), case["inputs"])
            elif "hypotheses" in case and "markers" in case:
                found[id_] = case
    return found


def listed(given: Any) -> dict[str, Mapping[str, Any]]:
    """Cases by id: from an object by id, a list, an object with a list `cases`, or one case by itself."""
    if isinstance(given, Mapping) and isinstance(given.get("cases"), (list, dict)):
        given = given["cases"]
    if isinstance(given, Mapping) and ({"hypotheses", "inputs", "base_case"} & set(given)):
        given = [given]
    if isinstance(given, Mapping):
        return {str(id_): case for id_, case in given.items() if isinstance(case, Mapping)}
    return {str(case.get("id", n)): case for n, case in enumerate(given) if isinstance(case, Mapping)}


def errors_of(path: Path) -> dict[str, float]:
    """The largest relative error of every case of a file; not a number for a case that cannot be read or computed."""
    given = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, float] = {}
    if isinstance(given, Mapping) and MIXED & set(given):
        found |= dict(mixed_cases(given))
        given = {id_: case for id_, case in given.items() if id_ not in MIXED}
    beside: dict[str, Mapping[str, Any]] | None = None
    for id_, case in listed(given).items():
        inputs = case.get("inputs") or (case if "hypotheses" in case else None)
        if inputs is None:
            beside = bases(DATA / "missing" / "reference", path.parent) if beside is None else beside
            inputs = beside.get(str(case.get("base_case")))
        try:
            if inputs is None:
                raise ValueError("its base case is in no file beside it")
            found[id_] = case_error(case, inputs)
        except (ConvenioError, ValueError, KeyError, TypeError, IndexError) as error:
            print(f"{id_}: {type(error).__name__}: {error}", file=sys.stderr)
            found[id_] = math.nan
    return found


def run(path: Path) -> tuple[dict[str, float], list[Row]]:
    found = errors_of(path)
    worst = max(found.values(), default=math.nan, key=lambda e: math.inf if math.isnan(e) else e)
    row = Row(
        f"{path.stem}: {len(found)} cases", worst, "largest relative error", goal=f"≤ {GOAL:g}", met=worst <= GOAL
    )
    return found, [row]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", type=Path)
    options.add_argument("--json", metavar="FILE|-", help="write max_rel_error by case id; - for standard output")
    chosen = options.parse_args()
    found, summary = run(chosen.file)
    text = json.dumps(
        {id_: {"max_rel_error": None if math.isnan(value) else value} for id_, value in found.items()}, indent=2
    )
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
