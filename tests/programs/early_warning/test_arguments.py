"""R's arguments under R's names: each has its effect, and one that would have none is refused."""

from __future__ import annotations

import numpy as np
import pytest

from convenio.core.errors import InputError
from convenio.programs.early_warning import methods
from convenio.programs.early_warning.arguments import SERVES, DetectParams
from convenio.programs.early_warning.methods import detect
from tests.programs.early_warning.made_up import as_counts, counts, rows_of

SERIES = counts(400, level=9)


def bounds(**how):
    return detect(as_counts(rows_of(SERIES)), **how).sort_by("period").column("upperbound").to_numpy()


@pytest.mark.parametrize(
    ("how", "function", "given"),
    [
        (
            {"noPeriods": 1, "pastWeeksNotIncluded": 3, "b": 4, "weightsThreshold": 1.0, "pThresholdTrend": 0.05,
             "thresholdMethod": "delta", "powertrans": "1/2", "alpha": 0.05, "reweight": True, "limit54": "0,4"},
            "farrington_flexible",
            {"noPeriods": 1, "pastWeeksNotIncluded": 3, "b": 4, "weightsThreshold": 1.0, "pThresholdTrend": 0.05,
             "thresholdMethod": "delta", "powertrans": "1/2", "alpha": 0.05, "limit54": (0, 4)},
        ),
        ({"method": "farrington", "b": 3, "alpha": 0.1, "trend": False, "reweight": False}, "farrington",
         {"b": 3, "alpha": 0.1, "trend": False, "reweight": False}),
        ({"method": "ears-c2", "baseline": 14, "alpha": 0.05, "minSigma": 1.0}, "ears_c",
         {"method": "C2", "baseline": 14, "alpha": 0.05, "minSigma": 1.0}),
        ({"method": "bayes", "b": 2, "w": 4, "actY": False, "alpha": 0.01}, "bayes",
         {"b": 2, "w": 4, "actY": False, "alpha": 0.01}),
        ({"method": "rki", "b": 2, "w": 4}, "rki", {"b": 2, "w": 4}),
        ({"method": "cusum", "k": 1.5, "h": 3.0, "trans": "rossi", "m": "glm"}, "cusum",
         {"k": 1.5, "h": 3.0, "trans": "rossi", "m": "glm"}),
        ({"method": "glr", "c_ARL": 4.0, "dispersion": 0.0, "M": 10, "Mtilde": 2, "S": 2, "trend": True}, "glr",
         {"c_ARL": 4.0, "alpha": 0.0, "M": 10, "Mtilde": 2, "mu0": {"S": 2, "trend": 1}, "ret": "cases"}),
        ({"method": "glr", "change": "epi", "dispersion": 0.0}, "glr",
         {"change": "epi", "alpha": 0.0, "mu0": {"S": 1, "trend": 0}, "ret": "value", "exact": True}),
        ({"method": "glr", "change": "epi", "dispersion": 0.0, "exact": False}, "glr",
         {"change": "epi", "alpha": 0.0, "mu0": {"S": 1, "trend": 0}, "ret": "value"}),
        ({"method": "glr", "ret": "value", "theta": 0.7, "dispersion": 0.1}, "glr",
         {"ret": "value", "theta": 0.7, "alpha": 0.1, "mu0": {"S": 1, "trend": 0}}),
        ({"method": "cdc", "b": 3, "m": "2", "alpha": 0.05}, "cdc", {"b": 3, "m": 2, "alpha": 0.05}),
    ],
)  # fmt: skip
def test_an_argument_does_what_the_function_of_its_method_does(how, function, given):
    dates = np.arange(len(SERIES)) * 7 + np.datetime64("2017-01-02")
    more = {"dates": dates} if function.startswith("farrington") else {}
    theirs = getattr(methods, function)(SERIES, range_=range(390, 400), **given, **more).upperbound
    np.testing.assert_array_equal(bounds(last=10, **how), np.where(np.isfinite(theirs), theirs, np.nan))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"method": "cusum", "alpha": 0.01}, "set by k and h"),
        ({"method": "glr", "alpha": 0.01}, "set by c_ARL"),
        ({"method": "rki", "alpha": 0.01}, "two standard deviations"),
        ({"method": "ears-c1", "w": 3}, "baseline"),
        ({"method": "farrington", "noPeriods": 10}, "farrington-flexible"),
        ({"k": 1.0}, "cusum"),
        ({"range": "1:5", "last": 3}, "both say"),
        ({"range": "2020"}, "no range"),
        ({"range": "5:1"}, "no range"),
        ({"limit54": "five"}, "no pair"),
        ({"sameWeekday": True}, "daily series"),
        ({"method": "cusum", "m": "mean"}, "no mean"),
    ],
)
def test_an_argument_without_effect_or_meaning_is_refused(how, said):
    with pytest.raises(InputError) as told:
        bounds(**how)
    assert said in str(told.value)


def test_every_argument_of_detection_is_known_and_serves_a_method():
    own = {"method", "last", "range", "complete_from", "as_of", "age", "status", "gaps", "only_alarms"}
    assert set(DetectParams.model_fields) - own == set(SERVES)


def test_a_range_is_told_in_places_or_in_days():
    by_place = detect(as_counts(rows_of(SERIES)), range="391:395").sort_by("period")
    by_day = detect(as_counts(rows_of(SERIES)), range="2024-06-24:2024-07-24").sort_by("period")
    assert by_place.column("period").to_pylist() == by_day.column("period").to_pylist()
    assert by_place.num_rows == 5
    (none,) = detect(as_counts(rows_of(SERIES)), range="1990-01-01:1990-02-01").to_pylist()
    assert "no period of it" in none["note"]


def test_a_population_is_an_offset_where_there_is_one():
    grown = rows_of(counts(400, level=9), population=[1000] * 399 + [2000])
    with_it = detect(as_counts(grown), trend=False).column("expected")[0].as_py()
    without = detect(as_counts(grown), populationOffset=False, trend=False).column("expected")[0].as_py()
    assert with_it == pytest.approx(2 * without)
    (told,) = detect(as_counts(rows_of(SERIES)), populationOffset=True).to_pylist()
    assert "no population" in told["note"]
