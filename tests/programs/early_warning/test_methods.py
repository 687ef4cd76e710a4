from __future__ import annotations

import json

import numpy as np
import pytest

from bench.conformance.r_surveillance import compare
from convenio.core.errors import InputError
from convenio.programs.early_warning.methods import (
    bayes,
    cdc,
    cusum,
    ears_c,
    farrington,
    farrington_flexible,
    glr,
    rki,
)

DRAW = np.random.default_rng(5)
COUNTS = DRAW.poisson(6, 400).astype(float)


def test_every_given_case_of_r_surveillance_is_met(data):
    folder = data / "early_warning" / "r_surveillance"
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))["cases"]
    assert len(cases) >= 22
    for case in cases:
        found = compare(case, folder)
        assert found["max_rel_error"] <= 1e-6, (case["id"], found)
        assert found["alarm_mismatches"] == 0, (case["id"], found)


def test_an_outbreak_is_an_alarm_and_an_ordinary_week_is_none():
    counts = COUNTS.copy()
    counts[-1] = 60
    for found in (
        farrington_flexible(counts, range_=[398, 399]),
        farrington(counts, range_=[398, 399]),
        ears_c(counts, range_=[398, 399]),
        ears_c(counts, range_=[398, 399], method="C2"),
        cusum(counts, range_=range(380, 400)),
        glr(counts, range_=range(380, 400)),
        bayes(counts, range_=[398, 399]),
        rki(counts, range_=[398, 399]),
    ):
        assert found.alarm[-1]
    assert not farrington_flexible(counts, range_=[398]).alarm[0]


def test_a_trend_in_population_is_no_alarm():
    population = np.linspace(1000, 4000, 400)
    counts = DRAW.poisson(0.01 * population).astype(float)
    found = farrington_flexible(counts, population=population, range_=range(350, 400), noPeriods=1, trend=False)
    assert found.alarm.mean() < 0.1
    np.testing.assert_allclose(found.expected, 0.01 * population[350:], rtol=0.25)


def test_a_missing_count_is_left_out_of_the_baseline():
    counts = COUNTS.copy()
    counts[100:104] = np.nan
    assert np.isfinite(farrington_flexible(counts, range_=[399]).upperbound[0])


@pytest.mark.parametrize(
    "call",
    [
        lambda: farrington_flexible(COUNTS[:100]),
        lambda: farrington_flexible(COUNTS, range_=[10]),
        lambda: farrington_flexible(-COUNTS),
        lambda: farrington_flexible(COUNTS, population=np.zeros(400), range_=[399]),
        lambda: ears_c(COUNTS[:5]),
        lambda: bayes(COUNTS[:3]),
        lambda: cdc(COUNTS[:100]),
        lambda: glr(np.zeros(200)),
        lambda: farrington(COUNTS.reshape(2, -1)),
    ],
)
def test_what_cannot_be_tested_is_told(call):
    with pytest.raises(InputError) as told:
        call()
    assert told.value.advice is not None or told.value.what.id


def test_dates_keep_the_season_through_a_year_of_53_weeks():
    dates = np.datetime64("2013-12-30") + 7 * np.arange(400)
    season = 20 + 15 * np.sin(2 * np.pi * np.arange(400) / 52.1775)
    found = farrington_flexible(np.round(season), dates=dates, range_=range(360, 399))
    assert not found.alarm.any()


def test_few_cases_give_no_bound():
    counts = np.zeros(400)
    counts[::50] = 1
    found = farrington_flexible(counts, range_=[399], limit54=(5, 4))
    assert np.isnan(found.upperbound[0])
    assert not found.alarm[0]
