"""What is shipped: complete, in both languages, and true of what it names."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from convenio.cli.groups import GROUPS, loaded
from convenio.cli.program import program_group
from convenio.console.app import application
from convenio.core.program import discover
from convenio.core.words import LANGUAGES, speaking
from convenio.programs.framework import content
from convenio.programs.framework.model import states_of
from convenio.programs.framework.reading import Reading
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.shown.names import PEOPLE, lacking_of
from tests.console.conftest import OWN, PASSWORD, small_node

EVERYTHING = [
    *content.frameworks(),
    *content.elements(),
    *content.crosswalks(),
    *content.commitments(),
    *content.owners(),
    *content.actions(),
    *content.milestones(),
    *content.indicators(),
    *content.observations(),
    *content.audits(),
    *content.instruments(),
    *content.lessons(),
]
COMMITMENTS = {each.id: each for each in content.commitments()}


def serving() -> dict[str, list[tuple[str, str]]]:
    told: dict[str, list[tuple[str, str]]] = {}
    with (content.FOLDER / "serving.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            told.setdefault(row["commitment"], []).append((row["kind"], row["name"]))
    return told


def test_the_statement_has_95_and_the_plan_3_11_26_and_102():
    assert len(COMMITMENTS) == len(content.commitments()) == 95
    places = Counter(each.place for each in content.elements() if each.framework == "bicentennial")
    assert places == {"goal": 3, "area": 11, "objective": 26}
    assert len(content.actions()) == len({each.id for each in content.actions()}) == 102
    assert Counter(each.modality for each in COMMITMENTS.values())["principle"] == 21


def texts(part: BaseModel):
    for name, value in part:
        if name.endswith("_en"):
            yield value, getattr(part, name[:-3] + "_es"), f"{type(part).__name__} {getattr(part, 'id', '')}.{name}"
        elif isinstance(value, tuple):
            for each in value:
                if isinstance(each, BaseModel):
                    yield from texts(each)


def test_every_text_stands_in_both_languages():
    found = [each for part in EVERYTHING for each in texts(part)]
    assert len(found) > 300
    for english, spanish, where in found:
        assert bool(english) == bool(spanish), where
        if english:
            assert english != spanish, where


def test_units_sources_and_instruments_have_their_spanish_or_are_names():
    told = [each.source for each in [*content.frameworks(), *content.instruments(), *content.milestones()]]
    told += [each.source for each in [*content.lessons(), *content.observations()]] + [content.plan().source]
    for each in content.indicators():
        told += [each.unit, each.source, *([each.baseline.instrument] if each.baseline else [])]
    names = re.compile(r"%|(GAO|CRS|DOJ OIG) ?-?[A-Z0-9-]+")
    assert {each for each in told if each not in content.spanish() and not names.fullmatch(each)} == set()
    assert set(content.spanish()) <= set(told)


def test_what_is_not_public_stands_empty():
    assert all(not each.title_en for each in content.actions())
    named = [each.id for each in content.elements() if each.place in ("area", "objective") and each.title_en]
    assert [each for each in named if not each.startswith("ig.")] == ["1.1", "1.1.1", "1.1.2"]


def test_everything_shipped_is_public_and_nothing_is_a_rating():
    assert {each.publication for each in EVERYTHING} == {"public"}
    assert "rating" not in " ".join(each.name for each in content.FOLDER.iterdir())


def test_what_is_named_exists():
    places = {each.id for each in content.elements()}
    frameworks = {each.id for each in content.frameworks()}
    assert {each.framework for each in content.elements()} <= frameworks
    assert {each.start for each in content.crosswalks()} <= places
    assert len(places) == len(content.elements())
    for each in [*content.crosswalks(), *content.instruments(), *content.lessons()]:
        assert set(each.commitments) <= set(COMMITMENTS), each
    for audit in content.audits():
        for each in audit.recommendations:
            assert set(each.commitments) <= set(COMMITMENTS), audit.id
    for each in [*content.milestones(), *content.indicators(), *content.owners(), *content.actions()]:
        assert each.commitment in COMMITMENTS


def test_every_promise_has_someone_who_owes_it_and_agencies_have_names_in_both_languages():
    owners = {each.commitment: each for each in content.owners()}
    assert set(owners) == {name for name, each in COMMITMENTS.items() if each.modality != "principle"}
    for each in owners.values():
        assert bool(each.us) == (each.owed_by != "mx"), each.commitment
        assert bool(each.mx) == (each.owed_by != "us"), each.commitment
        for party, names in (("us", each.us), ("mx", each.mx)):
            assert {content.agencies()[name].party for name in names} <= {party}
    assert all(each.name_en != each.name_es for each in content.agencies().values())


def test_trafficking_in_persons_and_smuggling_of_migrants_are_two_crimes_and_a_designation_is_a_sanction():
    for name in ("C44", "C67"):
        assert "trata de personas" in COMMITMENTS[name].text_es
        assert "tráfico de migrantes" in COMMITMENTS[name].text_es
    assert "sanctions list" in COMMITMENTS["C76"].text_en
    assert "Comisión Nacional de Búsqueda" in COMMITMENTS["C88"].text_es
    assert "Search" in COMMITMENTS["C88"].text_en
    assert "traced" in COMMITMENTS["C60"].text_en


def test_six_audits_stand_with_the_auditors_own_states():
    audits = {each.id: each for each in content.audits()}
    assert set(audits) == {
        f"GAO-{number}" for number in ("10-837", "16-223", "20-388", "21-335", "23-103795", "25-108189")
    }
    for audit in audits.values():
        assert audit.count in (None, len(audit.recommendations))
        assert audit.address.startswith("https://")
        for each in audit.recommendations:
            assert each.state in states_of(audit.auditor)
            assert bool(each.state_on) == bool(each.state_source) == (each.state != "not-known")
    assert {each.state for each in audits["GAO-23-103795"].recommendations} == {"open"}


def test_every_baseline_is_locked_sourced_and_carries_its_own_day():
    baselines = {each.id: each for each in content.indicators() if each.baseline is not None}
    assert len(baselines) >= 9
    for each in baselines.values():
        assert each.baseline.digest == each.baseline.computed()
        assert each.baseline.instrument
    for each in content.indicators():
        assert each.source
        assert each.address.startswith("https://")
        assert each.registered_change is None, "no change was registered beforehand; none is invented"


def command(words: str) -> Any:
    """The command behind words as they are typed, from the Typer application that has it."""
    first, second = words.split()
    if first in GROUPS:
        group = loaded(GROUPS[first].where, first)
    else:
        group = program_group(discover()[first.replace("-", "_")])
    return group.get_command(None, second)


@pytest.fixture(scope="module")
def page_exists(tmp_path_factory):
    """Whether a page of the console, with the installed programs, opens for a supervisor."""
    node = small_node(tmp_path_factory.mktemp("node"))
    with TestClient(application(node), base_url="http://localhost", follow_redirects=False) as client:
        client.post("/sign-in", data={"name": "sara", "password": PASSWORD}, headers=OWN)
        yield lambda address: client.get(address).status_code == 200
    node.store.close()


def test_every_commitment_that_a_program_does_names_a_page_or_command_that_exists(page_exists):
    told, installed = serving(), discover()
    for each in COMMITMENTS.values():
        if each.software == "tracks" or each.program not in installed:
            continue
        assert told.get(each.id), f"{each.id} is done by {each.program}, and names nothing"
    for number, names in told.items():
        assert COMMITMENTS[number].software != "tracks", number
        for kind, name in names:
            if kind == "command":
                assert command(name) is not None, (number, name)
                assert name.split()[0] in GROUPS or name.split()[0].replace("-", "_") in installed
            else:
                assert page_exists(name), (number, name)


def test_what_no_program_does_says_plainly_why():
    with (content.FOLDER / "tracked.csv").open(encoding="utf-8", newline="") as file:
        told = {row["commitment"]: row for row in csv.DictReader(file)}
    assert {number for number in told if COMMITMENTS[number].software == "does"} == set()
    for row in told.values():
        assert row["why_en"].endswith(".")
        assert row["why_es"].endswith(".")
        assert row["why_en"] != row["why_es"]
    for to in LANGUAGES:
        with speaking(to):
            for sheet in Reading(Scorecard(Path("none")), [], dt.date(2024, 3, 1), "public").sheets:
                said = str(lacking_of(sheet))
                held, number = sheet.commitment, sheet.commitment.id
                if held.software == "tracks":
                    assert said == (told[number][f"why_{to}"] if number in told else str(PEOPLE)), number
                    assert not sheet.serving, number
                elif held.software == "both" and sheet.installed and number in told:
                    assert said == told[number][f"why_{to}"], number
                else:
                    assert said == "", number


def test_a_name_that_does_not_exist_is_noticed(page_exists):
    assert command("finance nonsense") is None
    assert not page_exists("/programs/framework/nonsense")
