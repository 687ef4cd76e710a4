"""The public site and the report: plain files in both languages, links that resolve, nothing above public in any."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from convenio.core.errors import InputError
from convenio.core.words import speaking
from convenio.programs.framework.content import commitments
from convenio.programs.framework.evidence import Value
from convenio.programs.framework.model import Indicator, Milestone, Observation, Owner, Rating, Risk
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.site import report_text, write, write_site
from convenio.programs.framework.site.write import MARK

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
SECRET = "never-to-be-seen"


def value(program, indicator, number):
    words = {"en": f"{indicator} counted", "es": f"{indicator} contado"}
    return Value(
        program=program, indicator=indicator, title=words, unit=words, on=TODAY, at=NOW, state="told", value=number,
        query="q", how="h",
    )  # fmt: skip


VALUES = [value("framework", "refusals", 12), value("framework", "records_kept", 98765), value("finance", "x", 55555)]


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    """A scorecard with something at each level hanging on things that are public."""
    made = Scorecard(tmp_path_factory.mktemp("card"))
    for level in ("internal", "parties"):
        words = f"{SECRET} {level}"
        made.register(
            Indicator(
                id=f"i-{level}", commitment="C40", title_en=words, title_es=words, unit="n", level="outcome",
                direction="up", source=words, publication=level,
            )
        )  # fmt: skip
        told = {"on": "2026-01-01", "value": 4711, "entered_at": NOW, "entered_by": "hidden.person"}
        made.observe(Observation(indicator=f"i-{level}", source=words, publication="public", **told))
        made.observe(Observation(indicator="homicides-mx", source=words, publication=level, **{**told, "version": 1}
                                 if level == "internal" else {**told, "on": "2026-01-02"}))  # fmt: skip
        made.add(Risk(id=f"r-{level}", commitment="C40", kind="risk", text_en=words, text_es=words, publication=level))
        made.plan(
            Milestone(
                id=f"m-{level}", commitment="C40", title_en=words, title_es=words, first_due="2026-01-01",
                publication=level,
            )
        )  # fmt: skip
    for rater, level in (("us", "internal"), ("mx", "public")):
        made.rate(
            Rating(
                commitment="C40", rater=rater, completion="limited", evidence=("visit, 2026-10-01",),
                result=SECRET if level == "internal" else "Told to everyone", given_on=TODAY, by="hidden.person",
                expires_on="2027-10-01", publication=level,
            )
        )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def site(card, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "site"
    write_site(card, VALUES, TODAY, folder)
    return folder


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.to, self.ids, self.tags, self.styles = [], [], set(), 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.tags.add(tag)
        self.to += [told[name] for name in ("href", "src", "action") if told.get(name)]
        self.ids += [told["id"]] if told.get("id") else []
        self.styles += "style" in told


@pytest.fixture(scope="module")
def parsed(site):
    """What each page of the site leads to and holds."""
    return {path: Links(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def test_every_commitment_has_a_file_in_both_languages(site):
    for to in ("en", "es"):
        assert len(list((site / to / "commitments").glob("*.html"))) == 95
        assert f'<html lang="{to}"' in (site / to / "index.html").read_text(encoding="utf-8")
    english = {each.relative_to(site / "en") for each in (site / "en").rglob("*.html")}
    spanish = {each.relative_to(site / "es") for each in (site / "es").rglob("*.html")}
    assert {each.name for each in english ^ spanish} == {"report.html", "informe.html"}


def test_every_link_resolves_without_a_server(site, parsed):
    count = 0
    for path, found in parsed.items():
        for to in found.to:
            if to.startswith("https://"):
                continue
            assert not to.startswith(("/", "http:", "javascript:", "data:")), (path, to)
            file, _hash, place = to.partition("#")
            target = (path.parent / unquote(file)).resolve() if file else path
            assert target.is_file(), (path.relative_to(site), to)
            assert not place or place in parsed[target].ids, (path.relative_to(site), to)
            count += 1
    assert count > 5000


def test_no_page_needs_a_script_and_no_id_stands_twice(parsed):
    for path, found in parsed.items():
        assert not found.tags & {"script", "form", "iframe", "img", "object", "base"}, path
        assert found.styles == 0, path
        assert len(found.ids) == len(set(found.ids)), path


def test_nothing_above_public_is_in_any_file(site):
    for path in site.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            for word in (SECRET, "4711", "4,711", "hidden.person", "98765", "98,765", "55555", "55,555"):
                assert word not in text, (path.relative_to(site), word)
    assert "Told to everyone" in (site / "en/commitments/C40.html").read_text(encoding="utf-8")
    assert "refusals counted" in (site / "en/evidence.html").read_text(encoding="utf-8")


def test_the_first_page_counts_by_what_is_public(site):
    assert "Of 74 promises, 5 have an indicator" in (site / "en/index.html").read_text(encoding="utf-8")
    assert "De 74 promesas, 5 tienen un indicador" in (site / "es/index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def partly(tmp_path_factory):
    """A site of a scorecard that hides an owner and a whole commitment."""
    folder = tmp_path_factory.mktemp("partly")
    own = Scorecard(folder / "card")
    owner = next(each for each in own.owners() if each.commitment == "C40")
    own.add(Owner.model_validate({**owner.model_dump(), "publication": "internal"}))
    own.add(own.commitment("C48").model_copy(update={"publication": "internal"}))
    write_site(own, [], TODAY, folder / "site")
    return folder / "site"


def test_what_is_not_public_at_all_takes_its_page_with_it(partly):
    assert "Ministry of Security" not in (partly / "en/commitments/C40.html").read_text(encoding="utf-8")


def test_what_names_a_commitment_that_is_not_public_leads_nowhere(partly):
    hidden = next(each for each in commitments() if each.id == "C48")
    assert not (partly / "en/commitments/C48.html").exists()
    for path in partly.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "C48.html" not in text, path
        assert hidden.text_en not in text, path


@pytest.fixture
def front_alone(monkeypatch):
    """A site of its front page alone: for what is asked of the folder it is written to."""
    monkeypatch.setattr(write, "_of_language", lambda *_given: iter(()))
    monkeypatch.setattr(write, "report_text", lambda *_given, **_more: "")


def test_a_site_takes_the_place_of_an_older_one_and_of_nothing_else(card, front_alone, tmp_path):
    other = tmp_path / "mine"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="something else"):
        write_site(card, [], TODAY, other)
    assert (other / "thesis.txt").read_text() == "years of work"
    again = tmp_path / "again"
    write_site(Scorecard(tmp_path / "c"), [], TODAY, again)
    (again / "en" / "stale.html").write_text("old")
    write_site(Scorecard(tmp_path / "c"), [], TODAY + dt.timedelta(days=1), again)
    assert not (again / "en" / "stale.html").exists()
    assert (again / MARK).read_text() == "2026-11-25\n"
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith(".")) == []


def test_the_report_holds_everything_in_one_file_at_its_level(card):
    with speaking("es"):
        text = report_text(card, VALUES, TODAY)
    assert SECRET not in text
    assert "hidden.person" not in text
    found = Links(text)
    assert not found.tags & {"script", "link", "form"}
    assert {to for to in found.to if not to.startswith(("https://", "#"))} == set()
    assert {to[1:] for to in found.to if to.startswith("#")} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert len(re.findall(r'<section id="C\d+[a-e]?">', text)) == 95
    assert f"{SECRET} parties" in report_text(card, VALUES, TODAY, level="parties")
