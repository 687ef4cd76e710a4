"""The HTML report: one file that needs nothing else, every alarm's series drawn, its numbers as a table."""

from __future__ import annotations

import re

import pytest

from convenio.programs.early_warning.example import write_example
from convenio.programs.early_warning.methods import detect
from convenio.programs.early_warning.methods.running import run
from convenio.programs.early_warning.methods.series import series_of
from convenio.programs.early_warning.reports.drawn import drawn
from convenio.programs.early_warning.standing import stand
from tests.programs.early_warning.made_up import as_counts, counts, rows_of


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Alarms, the strongest first", "in 30 series")),
        ("es", ("Alarmas, la más fuerte primero", "en 30 series")),
    ],
)
def test_the_report_stands_alone_in_both_languages(convenio, tmp_path, language, said):
    path, _vintages = write_example(tmp_path)
    out = tmp_path / "alarms.html"
    convenio("--lang", language, "early-warning", "detect", path, "--last", 3, "--method", "ears-c2", "-o", out)
    text = out.read_text(encoding="utf-8")
    assert f'<html lang="{language}"' in text
    assert all(each in text for each in said)
    assert text.count('<svg class="drawn"') == text.count('<figure class="figure"') > 0
    assert not re.search(r"<script|https?://|<link|<img", text)


def test_a_name_from_a_file_is_escaped(convenio, tmp_path):
    path = tmp_path / "counts.csv"
    rows = rows_of(counts(last=60), name="<script>alert(1)</script>")
    lines = "\n".join(f"{row['series']},{row['period']},{row['observed']}" for row in rows)
    path.write_text(f"place,week,cases\n{lines}\n", encoding="utf-8")
    convenio("early-warning", "detect", path, "--method", "ears-c1", "-o", tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize(
    ("method", "given"), [("farrington-flexible", {}), ("ears-c3", {}), ("cusum", {}), ("bayes", {"b": 2}), ("cdc", {})]
)
def test_a_bound_that_is_drawn_is_the_one_that_was_tested(method, given):
    table = as_counts(rows_of(counts(400, last=30)))
    stood = stand(table)
    rows = drawn(stood, "09-001", method, given, 1)
    (tested,) = detect(table, method=method, **given).to_pylist()
    assert rows[-1]["upperbound"] == tested["upperbound"]
    assert rows[-1]["alarm"] == tested["alarm"]
    back = [row for row in rows if row["upperbound"] is not None]
    if method != "cusum":
        assert len(back) > 12
        each = next(iter(series_of(stood.table)))
        place = 400 - len(back)
        alone, _note = run(each, method, range(place, place + 1), given)
        assert alone.upperbound[0] == back[0]["upperbound"]
