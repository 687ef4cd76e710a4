"""Public series: a publisher's file becomes observations, once; a revision is the next version; bad files change nothing."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from convenio.core.errors import InputError, NotFound
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.series import Taken, take_series

NOW = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
NAME = "overdose-deaths-us-12m"
HEADINGS = (
    "State", "Year", "Month", "Period", "Indicator", "Data Value", "Percent Complete", "Percent Pending Investigation",
)  # fmt: skip


def vsrr(path, *rows, state="US"):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for year, month, value in rows:
            kind = "Number of Drug Overdose Deaths"
            writer.writerow([state, year, month, "12 month-ending", kind, value, "100", "0.2"])
    return path


def test_months_become_observations_of_their_last_day_and_older_ones_are_left_out(tmp_path):
    card = Scorecard(tmp_path / "card")
    file = vsrr(tmp_path / "a.csv", (2019, "June", "1"), (2022, "February", "105000"), (2022, "March", "106000"))
    assert take_series(card, NAME, file, by="ana", now=NOW) == Taken(new=2, older=1)
    held = card.observations(NAME)
    assert [(each.on, each.value) for each in held] == [
        (dt.date(2022, 2, 28), 105000),
        (dt.date(2022, 3, 31), 106000),
    ]
    assert held[0].query == "series = US"
    assert held[0].publication == "public"


def test_the_same_file_again_changes_nothing_and_a_revision_is_the_next_version(tmp_path):
    card = Scorecard(tmp_path / "card")
    file = vsrr(tmp_path / "a.csv", (2022, "February", "105000"), (2022, "March", "106000"))
    take_series(card, NAME, file, by="ana", now=NOW)
    assert take_series(card, NAME, file, by="ana", now=NOW) == Taken(same=2)
    vsrr(tmp_path / "a.csv", (2022, "February", "105000"), (2022, "March", "106400"))
    assert take_series(card, NAME, file, by="ana", now=NOW) == Taken(revised=1, same=1)
    assert [(each.value, each.version) for each in card.observations(NAME)][-1] == (106400, 2)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: vsrr(path, (2022, "March", "106000"), state="AK"),
        lambda path: vsrr(path, (2022, "March", "106000"), (2022, "March", "106001")),
        lambda path: vsrr(path, (2022, "Marzo", "106000")),
        lambda path: vsrr(path, (2030, "March", "106000")),
        lambda path: path.write_text("a,b\n1,2\n", encoding="utf-8"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_changes_nothing(tmp_path, spoil):
    card, path = Scorecard(tmp_path / "card"), tmp_path / "bad.csv"
    spoil(path)
    with pytest.raises(InputError) as caught:
        take_series(card, NAME, path, by="ana", now=NOW)
    assert "bad.csv" in str(caught.value)
    assert card.observations(NAME) == []


def test_an_indicator_without_a_series_says_which_have_one(tmp_path):
    with pytest.raises(NotFound) as caught:
        take_series(Scorecard(tmp_path), "homicides-mx", tmp_path / "a.csv", by="ana", now=NOW)
    assert NAME in str(caught.value)


def test_the_publishers_own_file_is_read(tmp_path, data):
    file = data / "early_warning" / "us_overdose" / "vsrr_state.csv"
    assert take_series(Scorecard(tmp_path), NAME, file, by="ana", now=NOW) == Taken(older=45)
