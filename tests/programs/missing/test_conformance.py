"""The reference engines' figures, case by case."""

from __future__ import annotations

import json

import pytest

from bench.conformance import kinship


@pytest.mark.parametrize("name", ["kinship_cases", "familias_theta_silent_cases", "dropout_cases", "misc_cases"])
def test_every_case_agrees_with_its_engine(data, name):
    errors = kinship.errors_of(data / "missing" / "reference" / f"{name}.json")
    assert len(errors) > 3
    assert max(errors.values()) <= 1e-9, {k: v for k, v in errors.items() if v > 1e-9}


def test_a_changed_reference_value_is_seen(data, tmp_path):
    cases = json.loads((data / "missing" / "reference" / "kinship_cases.json").read_text())
    case = cases["full_sibs_unrel"]
    case["result"]["LR_total"]["half:unrelated"] *= 1 + 1e-6
    (tmp_path / "one.json").write_text(json.dumps({"full_sibs_unrel": case}))
    assert kinship.errors_of(tmp_path / "one.json")["full_sibs_unrel"] == pytest.approx(1e-6, rel=1e-3)


def test_familias_and_pedprobr_differ_only_where_an_untyped_founder_can_mutate(data):
    folder = data / "missing" / "reference"
    cases = json.loads((folder / "kinship_cases.json").read_text())
    rows = [line.split(",") for line in (folder / "crosscheck_familias_vs_pedprobr.csv").read_text().splitlines()[1:]]
    told = {row[0].strip('"'): (float(row[1]), float(row[2])) for row in rows}
    compared = 0
    for name in ("grandparent_mut_equal_true", "mp_mother_sib_mut_stepwise_true", "full_sibs_mut_equal_true"):
        case = cases[name]
        over = case["reference"]
        for engine, expected in zip(("pedprobr", "familias"), told[name], strict=True):
            ours = kinship.likelihoods(case, case["mutation"], kinship.Model(engine))
            assert kinship.product(ours["H1"], ours[over]) == pytest.approx(expected, rel=1e-9)
            compared += 1
    assert compared == 6
