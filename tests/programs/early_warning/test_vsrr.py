from __future__ import annotations

import datetime as dt

import pytest

from convenio.core.errors import InputError
from convenio.programs.early_warning.methods import detect
from convenio.programs.early_warning.sources.cdc_vsrr import read_vsrr

HEAD = "State,Year,Month,Period,Indicator,Data Value,Percent Complete,Percent Pending Investigation\n"


def test_the_published_file_is_read_with_its_completeness(data):
    table = read_vsrr(data / "early_warning" / "us_overdose" / "vsrr_state.csv")
    assert table.num_rows > 2000
    rows = table.to_pylist()
    assert {row["months_in_window"] for row in rows} == {12}
    assert all(row["completeness"] is None or 0 <= row["completeness"] <= 100 for row in rows)
    assert min(row["period"] for row in rows) == dt.date(2015, 1, 1)


def test_sums_of_twelve_months_are_refused_for_detection(data):
    table = read_vsrr(data / "early_warning" / "us_overdose" / "vsrr_state.csv")
    with pytest.raises(InputError) as refused:
        detect(table)
    assert "12 months" in str(refused.value)
    assert refused.value.advice is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "State,Year\nAK,2015\n",
        HEAD,
        HEAD + "AK,2015,Enero,x,Number of Drug Overdose Deaths,12,100,0\n",
        HEAD + "AK,2015,May,x,Number of Drug Overdose Deaths,many,100,0\n",
    ],
)
def test_what_is_no_such_file_is_told(tmp_path, text):
    path = tmp_path / "vsrr.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_vsrr(path)
