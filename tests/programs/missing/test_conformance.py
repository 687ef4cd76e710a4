"""The reference engines' figures, case by case."""

from __future__ import annotations

import json
import math

import pytest

from bench.conformance import kinship


@pytest.mark.parametrize("name", ["kinship_cases", "familias_theta_silent_cases", "dropout_cases", "misc_cases"])
def test_every_case_agrees_with_its_engine(data, name):
    errors = kinship.errors_of(data / "missing" / "reference" / f"{name}.json")
    assert len(errors) > 3
    assert all(v <= 1e-9 for v in errors.values()), {k: v for k, v in errors.items() if not v <= 1e-9}


def test_a_changed_reference_value_is_seen(data, tmp_path):
    cases = json.loads((data / "missing" / "reference" / "kinship_cases.json").read_text())
    case = cases["full_sibs_unrel"]
    case["result"]["LR_total"]["half:unrelated"] *= 1 + 1e-6
    (tmp_path / "one.json").write_text(json.dumps({"full_sibs_unrel": case}))
    assert kinship.errors_of(tmp_path / "one.json")["full_sibs_unrel"] == pytest.approx(1e-6, rel=1e-3)


CUSTOM = [[0.9, 0.1, 0.0], [0.05, 0.9, 0.05], [0.0, 0.1, 0.9]]


def test_cases_are_read_in_any_form_and_unknown_fields_are_passed_over(data, tmp_path):
    folder = data / "missing" / "reference"
    kin = json.loads((folder / "kinship_cases.json").read_text())
    fam = json.loads((folder / "familias_theta_silent_cases.json").read_text())
    drop = json.loads((folder / "dropout_cases.json").read_text())
    one, two = kin["full_sibs_unrel"], kin["mp_mother_sib_mut_stepwise_true"]
    forms = {
        "list": [one | {"new field": [1, 2]}, fam[0], drop[0]],
        "object": {each["id"]: each for each in (two, fam[1], drop[1])},
        "wrapped": {"version": 2, "cases": [one, fam[0]]},
        "single": one,
        "totals": {"t": one | {"result": {"LR_total": one["result"]["LR_total"]}}},
        "by_sex": [two | {"mutation": {"male": _one_sex(two, "male"), "female": _one_sex(two, "female")}}],
    }
    for name, given in forms.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(given))
        errors = kinship.errors_of(tmp_path / f"{name}.json")
        assert errors
        assert all(each <= 1e-9 for each in errors.values()), (name, errors)


def _one_sex(case, sex):
    return {k: v.get(sex) if isinstance(v, dict) else v for k, v in case["mutation"].items()}


def test_a_case_that_cannot_be_computed_is_missed_and_the_others_are_not(data, tmp_path, capsys):
    case = json.loads((data / "missing" / "reference" / "kinship_cases.json").read_text())["full_sibs_unrel"]
    given = {
        "good": case,
        "no base": {"base_case": "nowhere", "dropout": 0.1, "who": "B", "LR_total": 1},
        "no figure": case | {"result": {"LR_total": {}}},
        "unreadable": case | {"mutation": {"model": "unheard of"}},
    }
    (tmp_path / "some.json").write_text(json.dumps(given))
    found, (row,) = kinship.run(tmp_path / "some.json")
    assert found["good"] <= 1e-9
    assert [id_ for id_, error in found.items() if math.isnan(error)] == ["no base", "no figure", "unreadable"]
    assert not row.met
    assert "unheard of" in capsys.readouterr().err


def test_a_mutation_matrix_of_ones_own_is_read():
    as_rows = {"model": "custom", "matrix": CUSTOM}
    by_allele = {
        "model": "custom",
        "matrix": {a: dict(zip("789", row, strict=True)) for a, row in zip("789", CUSTOM, strict=True)},
    }
    assert kinship.mutation_of(as_rows) == kinship.mutation_of(by_allele)
    assert kinship.mutation_of(as_rows).male.matrix[1] == (0.05, 0.9, 0.05)


def test_father_and_daughter_on_x_agree_with_the_sum_by_hand(tmp_path):
    freqs = {"11": 0.3, "13": 0.4, "14": 0.3}
    case = {"id": "x_father_daughter", "description": "A=13,B=13/14", "freqs": freqs, "H1": 0.12, "H2": 0.096}
    (tmp_path / "x.json").write_text(json.dumps({"x_linked": [case]}))
    assert kinship.errors_of(tmp_path / "x.json")["x_father_daughter"] <= 1e-12


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
