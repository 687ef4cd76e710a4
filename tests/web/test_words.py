from __future__ import annotations

import datetime as dt

import pytest

from convenio.core.words import Message, speaking
from convenio.web import language
from convenio.web.pages import data_block, find_asset
from convenio.web.security import file_name, local, refuse_other_sites

NOW = dt.datetime(2021, 10, 6, 14, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("header", "spoken"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-GB", "en"),
        ("fr, es;q=0.2", "es"),
        ("fr", "en"),
        ("es;q=0, en;q=0.1", "en"),
        (";;;q=x,,", "en"),
        (None, "en"),
    ],
)
def test_the_browsers_own_languages_are_weighed(header, spoken):
    assert language.negotiate(asked=None, cookie=None, own=None, header=header, default="en") == spoken


def test_numbers_and_dates_read_as_people_write_them():
    with speaking("es"):
        assert language.number(1234567.891, 2) == "1,234,567.89"
        assert language.day("2021-10-06") == "6 oct 2021"
        assert language.moment(NOW) == "6 oct 2021, 14:05 UTC"
        assert language.since(NOW, NOW + dt.timedelta(hours=2)) == "hace 2 horas"
        assert language.percent(0.125) == "12.5 %" or language.percent(0.125) == "12.5%"
    with speaking("en"):
        assert language.day("2021-10-06") == "Oct 6, 2021"
        assert language.since(NOW, NOW) == "1 second ago"
        assert language.size(1_536_000) == "1.5 MB"


@pytest.mark.parametrize("away", ["//evil", "https://evil", "/\\evil", "javascript:x", "", None, "/a\nb", "evil"])
def test_the_way_back_stays_here(away):
    assert local(away) == "/"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\x\\y.csv", "y.csv"), ('a"b\r\nc', "a_b__c"), ("..", "file"), ("", "file")],
)
def test_a_files_name_reaches_no_folder(given, kept):
    assert file_name(given) == kept


def test_json_in_a_page_cannot_end_its_element():
    assert "</script" not in data_block({"x": "</script><script>alert(1)</script>\u2028"})


def test_assets_are_only_our_own():
    assert find_asset("convenio.css") is not None
    for name in ("../pages.py", "..\\pages.py", ".hidden", "nothing.js", "/etc/passwd"):
        assert find_asset(name) is None


def test_a_change_comes_from_our_own_pages_or_with_a_token():
    refuse_other_sites("GET", {"sec-fetch-site": "cross-site"})
    refuse_other_sites("POST", {"sec-fetch-site": "same-origin"})
    refuse_other_sites("POST", {"origin": "http://localhost:8701", "host": "localhost:8701"})
    refuse_other_sites("POST", {"authorization": "Bearer x"})
    for headers in (
        {},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "authorization": "Bearer x"},
        {"origin": "http://localhost:8801", "host": "localhost:8701"},
        {"origin": "null", "host": "localhost"},
    ):
        with pytest.raises(Exception, match="own pages"):
            refuse_other_sites("POST", headers)


def test_a_message_in_a_template_is_escaped():
    from convenio.web.pages import environment

    made = environment({}).from_string("{{ x }}").render(x=Message("{a}", {"a": "<b>"}))
    assert made == "&lt;b&gt;"
