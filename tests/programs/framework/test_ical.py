from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from convenio.programs.framework.formats.ical import calendar, escaped, folded
from convenio.programs.framework.model import Amendment
from tests.programs.framework.made_up import milestone

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def unfolded(data):
    """Content lines as a reader takes them (RFC 5545, 3.1)."""
    return data.replace(b"\r\n ", b"").decode("utf-8").removesuffix("\r\n").split("\r\n")


def unescaped(text):
    out, at = "", 0
    while at < len(text):
        if text[at] == "\\":
            out, at = out + {"n": "\n"}.get(text[at + 1], text[at + 1]), at + 2
        else:
            assert text[at] not in ";,\n"
            out, at = out + text[at], at + 1
    return out


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n;,\\:"'), max_size=200))
def test_a_text_is_escaped_and_folded_so_that_a_reader_gets_it_back(text):
    data = folded(f"SUMMARY:{escaped(text)}") + b"\r\n"
    pieces = data.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(each) <= 75 for each in pieces)
    assert all(each.decode("utf-8") is not None for each in pieces)
    (line,) = unfolded(data)
    assert unescaped(line.removeprefix("SUMMARY:")) == text


def test_a_milestone_is_a_whole_day_that_follows_its_amendments():
    moved = milestone(
        title_en="Meeting; first, of two\nrooms",
        amendments=(Amendment(due=dt.date(2024, 2, 29), by="ana", on=dt.date(2023, 1, 1), reason="closed"),),
        done_on=dt.date(2024, 3, 1),
    )
    data = calendar([moved], NOW, "en")
    lines = unfolded(data)
    assert data.count(b"\n") == data.count(b"\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    for line in (
        "VERSION:2.0",
        "UID:C69.m1@milestones.convenio",
        "DTSTAMP:20260102T030405Z",
        "DTSTART;VALUE=DATE:20240229",
        "DTEND;VALUE=DATE:20240301",
        "SEQUENCE:2",
        "SUMMARY:C69: Meeting\\; first\\, of two\\nrooms",
        "DESCRIPTION:moved to 2024-02-29 on 2023-01-01 by ana: closed\\ndone on 2024-03-01",
    ):
        assert line in lines
    assert "SUMMARY:C69: Primera reunión" in unfolded(calendar([milestone()], NOW, "es"))
