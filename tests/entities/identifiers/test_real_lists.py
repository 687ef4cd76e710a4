"""Identifiers as two real lists publish them: read, and none of them in the ranges kept for made-up data."""

import csv
import datetime as dt
import re

import pytest

from convenio.core.errors import InputError
from convenio.entities.identifiers import kind


def cleaned(name, values):
    good, bad = [], []
    for value in values:
        try:
            good.append(kind(name).clean(value))
        except InputError:
            bad.append(value)
    return good, bad


@pytest.fixture(scope="module")
def remarks(data):
    with next((data / "finance" / "ofac_sdn").glob("*2021-10-06*")).open(encoding="latin-1", newline="") as text:
        return [row[11] for row in csv.reader(text) if len(row) > 11]


def test_curps_on_ofacs_list_are_read_and_agree_with_the_birth_date_beside_them(remarks):
    found = [(value, text) for text in remarks for value in re.findall(r"C\.U\.R\.P\. ([#A-Z0-9]+)", text)]
    good, bad = cleaned("curp", [value for value, _text in found])
    assert len(good) > 300
    assert len(bad) / len(found) < 0.03
    assert not any(kind("curp").is_synthetic(value) for value in good)
    told = [
        dt.datetime.strptime(dates[0], "%d %b %Y").replace(tzinfo=dt.UTC).date().isoformat()
        == kind("curp").parts(value)["birth_date"]
        for value, text in found
        if value in good and len(dates := re.findall(r"DOB (\d{2} \w{3} \d{4})", text)) == 1
    ]
    assert len(told) > 250
    assert sum(told) / len(told) > 0.98


def test_rfcs_on_ofacs_list_are_read(remarks):
    good, bad = cleaned("rfc", re.findall(r"R\.F\.C\. ([A-Z0-9&#-]+)", "\n".join(remarks)))
    assert len(good) > 250
    assert len(bad) / (len(good) + len(bad)) < 0.06
    assert not any(kind("rfc").is_synthetic(value) for value in good)


def test_rfcs_on_the_tax_offices_list_are_read_and_redactions_named(data):
    path = next((data / "finance" / "sat_69b").glob("*.csv"))
    values = re.findall(r"^\d+,([^,]*),", path.read_text(encoding="latin-1"), re.MULTILINE)
    redacted = [value for value in values if set(value.strip()) == {"X"}]
    good, bad = cleaned("rfc", [value for value in values if value not in redacted])
    assert len(good) > 12_000
    assert len(bad) / len(values) < 0.002
    assert len(redacted) > 10
    assert "made unreadable by its publisher" in str(kind("rfc").explain(redacted[0])[0])
    assert not any(kind("rfc").is_synthetic(value) for value in good)
    failing = sum(bool(kind("rfc").explain(value)) for value in good)
    assert 10 < failing < 60
