import datetime as dt

import pyarrow as pa
import pytest

from convenio.core.errors import InputError
from convenio.entities.resolution import Judgement, reasons, resolve
from convenio.entities.resolution.levels import COMPARISONS
from convenio.entities.resolution.resolved import DOUBTS, RECORDS
from convenio.world import World

NOW = dt.datetime(2021, 10, 8, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def two_registers():
    world = World(seed=11, people=900)
    everyone = world.people()
    left = everyone.slice(0, 600)
    left = left.rename_columns(["record_id" if name == "person_id" else name for name in left.column_names])
    right = world.register("V", everyone.slice(300, 600))
    truth = dict(zip(right["record_id"].to_pylist(), right["person_id"].to_pylist(), strict=True))
    return {"us": left, "mx": right}, truth


@pytest.fixture(scope="module")
def resolved(two_registers):
    tables, _truth = two_registers
    return resolve(tables, one_each=("us", "mx"))


def joined(resolution):
    return {
        (dict(records)["us"], dict(records)["mx"])
        for records in resolution.clusters.members.values()
        if {source for source, _id in records} == {"us", "mx"}
    }


def test_planted_people_are_found_and_no_others(two_registers, resolved):
    _tables, truth = two_registers
    right = {(person, record) for record, person in truth.items() if person <= "P0000600"}
    found = joined(resolved)
    assert len(right) == 300
    assert len(found & right) >= 290
    assert len(found - right) <= 1


def test_the_same_files_give_the_same_result(two_registers, resolved):
    again = resolve(two_registers[0], one_each=("us", "mx"))
    assert again.pairs.select(["left_id", "right_id"]).equals(resolved.pairs.select(["left_id", "right_id"]))
    assert again.records().equals(resolved.records())


def test_every_record_comes_back_once_with_its_person(two_registers, resolved):
    table = resolved.records()
    assert table.schema == RECORDS
    assert table.num_rows == 1200
    assert len({(row["source"], row["record_id"]) for row in table.to_pylist()}) == 1200
    for row in table.to_pylist():
        assert (row["records"] > 1) is bool(row["reasons"])


def test_reasons_are_told_in_both_languages(resolved):
    english, spanish = (resolved.records(language)["reasons"].to_pylist() for language in ("en", "es"))
    at = next(row for row, text in enumerate(english) if "the birth date is the same" in text)
    assert "la fecha de nacimiento es la misma" in spanish[at]
    assert "times likelier of one person" in english[at]


TWINS = [
    {"record_id": "a", "name": "María Elena Torres Salas", "birth_date": "1984-04-03"},
    {"record_id": "b", "name": "TORRES SALAS, Ma. Elena", "birth_date": "1984-04-03"},
    {"record_id": "c", "name": "Elena Torres", "birth_date": "1984-04-03"},
    {"record_id": "d", "name": "Juan Peralta Zamudio", "birth_date": "1990-12-01"},
]


def one_file(rows):
    return resolve({"file": pa.Table.from_pylist(rows)})


@pytest.fixture(scope="module")
def twins():
    return one_file(TWINS)


def key(record):
    return ("file", record)


def test_repeats_in_one_file_are_joined(twins):
    assert twins.clusters.members == {key("a"): [key("a"), key("b"), key("c")]}


def test_a_judgement_splits_a_cluster_and_taking_it_back_joins_it_again(twins):
    found = twins
    apart = Judgement(key("a"), key("b"), "different", "supervisor", "two sisters, seen in person", NOW)
    split = found.judged([apart])
    assert split.clusters.of(key("a")) != split.clusters.of(key("b"))
    assert any("judged" in str(each.why) for each in split.clusters.doubts)
    back = Judgement(
        key("b"), key("a"), "open", "supervisor", "the documents were mixed up", NOW + dt.timedelta(days=1)
    )
    assert found.judged([apart, back]).clusters.members == found.clusters.members


def test_a_judgement_joins_what_the_evidence_does_not(twins):
    found = twins
    join = Judgement(key("c"), key("d"), "same", "supervisor", "changed her name and sex in 2015", NOW)
    assert found.judged([join]).clusters.of(key("d")) == found.clusters.of(key("a"))
    assert found.judged([]).clusters.of(key("d")) == key("d")


def test_judgements_that_contradict_one_another_go_to_a_person(twins):
    joins = [
        Judgement(key("a"), key("d"), "same", "supervisor", "seen", NOW),
        Judgement(key("b"), key("d"), "same", "supervisor", "seen", NOW),
        Judgement(key("a"), key("b"), "different", "supervisor", "seen", NOW),
    ]
    found = twins.judged(joins)
    assert found.clusters.of(key("a")) != found.clusters.of(key("b"))
    assert any("judged" in str(each.why) for each in found.clusters.doubts)


def test_a_source_without_repeats_takes_one_record_only():
    right = pa.Table.from_pylist([{"record_id": "x", "name": "Elena Torres Salas", "birth_date": "1984-04-03"}])
    found = resolve({"file": pa.Table.from_pylist(TWINS[:2]), "other": right}, one_each=("file", "other"))
    assert [len(records) for records in found.clusters.members.values()] == [2]
    assert any("names nobody twice" in str(each.why) for each in found.clusters.doubts)


CURP, OTHER = "MOAL920413MVZLRZX2", "CAGE970807HJCBNDX5"


def test_what_a_curp_holds_is_counted_once():
    row = {"name": "María de la Luz Molina Arroyo", "birth_date": "1992-04-13", "sex": "F"}
    with_curp = one_file([{**row, "curp": CURP}, {**row, "curp": CURP}])
    pair = with_curp.pairs.to_pylist()[0]
    assert pair["level_curp"] == "equal"
    for name in ("given", "paterno", "materno", "birth_date"):
        assert pair[f"level_{name}"] is None
        assert pair[f"weight_{name}"] == 0.0
    without = one_file([row, row]).pairs.to_pylist()[0]
    assert without["level_birth_date"] == "equal"
    assert pair["weight"] < without["weight"] + pair["weight_curp"]


def test_an_equal_curp_with_another_name_and_date_is_doubted():
    rows = [
        {"record_id": "1", "name": "María de la Luz Molina Arroyo", "birth_date": "1992-04-13", "curp": CURP},
        {"record_id": "2", "name": "Edgar Cabrera González", "birth_date": "1997-08-07", "curp": CURP},
    ]
    found = one_file(rows)
    assert found.clusters.members == {}
    told = [str(each) for each in reasons(found.pairs.to_pylist()[0])]
    assert any("the CURP is the same" in each for each in told)
    assert any("the birth dates differ" in each for each in told)


def test_different_curps_are_never_joined_by_name_alone():
    row = {"name": "José Luis Ibáñez Hernández", "birth_date": "1984-04-03", "phone": "5512345678"}
    found = one_file([{**row, "curp": CURP}, {**row, "curp": OTHER}])
    assert found.clusters.members == {}
    assert found.doubts().schema == DOUBTS


def test_a_rfc_tells_nothing_more_than_its_curp():
    row = {"name": "María de la Luz Molina Arroyo", "curp": CURP, "rfc": "MOAL920413Z11"}
    assert one_file([row, row]).pairs.to_pylist()[0]["level_rfc"] is None


def test_an_offices_telephone_joins_nobody_and_costs_nothing():
    names = World(seed=3, people=3000).people().select(["given", "paterno", "materno", "birth_date"])
    filler = pa.array(["55 1234 5678"] * 3000)
    found = one_file(names.append_column("phone", filler).to_pylist())
    assert "equal" not in found.pairs.column("level_phone").to_pylist()
    assert len(found.clusters.members) <= 3


def test_a_generic_rfc_joins_nobody():
    rows = [
        {"name": "Ana Peralta Zamudio", "rfc": "XAXX010101000"},
        {"name": "Omar Quero Toledo", "rfc": "XAXX010101000"},
    ]
    assert one_file(rows).pairs.num_rows == 0


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([{"colour": "blue"}], "no name and no identifier"),
        ([{"record_id": "1", "name": "A B"}, {"record_id": "1", "name": "C D"}], "the record 1 stands here twice"),
        ([{"record_id": None, "name": "A B"}], "the record has no identifier"),
    ],
)
def test_files_that_cannot_be_resolved_are_refused(rows, what):
    with pytest.raises(InputError, match=what):
        one_file(rows)


def test_empty_and_hostile_files_come_through():
    empty = pa.table({"name": pa.array([], pa.string())})
    assert resolve({"one": empty, "two": empty}).records().num_rows == 0
    rows = [
        {"name": each, "birth_date": "31/02/1984"} for each in ("", "x" * 5000, "\u202eأحمد", "'; DROP TABLE", "\x00")
    ]
    assert one_file(rows).records().num_rows == 5


def test_a_source_name_is_data():
    found = resolve({"it's; --": pa.Table.from_pylist(TWINS)})
    assert found.clusters.of(("it's; --", "b")) == ("it's; --", "a")


@pytest.mark.parametrize(("by", "reason"), [("", "why"), ("me", "  ")])
def test_a_judgement_needs_a_name_and_a_reason(by, reason):
    with pytest.raises(InputError, match="needs a name and a reason"):
        Judgement(key("a"), key("b"), "same", by, reason, NOW)


def test_a_record_is_not_judged_against_itself_or_without_a_time_zone():
    with pytest.raises(InputError, match="against itself"):
        Judgement(key("a"), key("a"), "same", "me", "why", NOW)
    with pytest.raises(InputError, match="no time zone"):
        Judgement(key("a"), key("b"), "same", "me", "why", NOW.replace(tzinfo=None))


FAMILY = {"address": "Calle Colibrí Gris 756, 45179 Zapopan", "phone": "33 1234 5678"}
MOTHER_NAMED = {"paterno": "Tecuapetla", "materno": "Zubieta", **FAMILY}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"given": "Rosa", "birth_date": "1984-04-03"}, {"given": "Irma", "birth_date": "1984-04-03"}),
        ({"given": "Rosa", "birth_date": "1984-04-03"}, {"given": "Omar", "birth_date": "1986-11-20", "sex": "M"}),
        (
            {"given": "Omar", "birth_date": "1954-04-03"},
            {"given": "Omar", "birth_date": "1986-11-20", "materno": "Quero"},
        ),
    ],
    ids=["twins", "brother and sister", "father and son"],
)
def test_relatives_at_one_address_are_not_joined(one, other):
    found = one_file([{**MOTHER_NAMED, **one}, {**MOTHER_NAMED, **other}])
    assert found.clusters.members == {}
    for doubt in found.doubts().to_pylist():
        assert "relatives agree and differ in this way too" in doubt["reasons"]


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda each: each.name)
@pytest.mark.parametrize("column", ["m", "u", "kin"])
def test_what_is_assumed_of_a_comparison_adds_up_to_one(comparison, column):
    assert sum(getattr(level, column) for level in comparison.levels) == pytest.approx(1, abs=1e-6)


def test_rare_names_weigh_more_than_common_ones_even_in_a_short_file():
    born = {"birth_date": "1984-04-03"}
    rare = one_file([{"name": "Rosa Tecuapetla Zubieta", **born}] * 2).pairs.to_pylist()[0]
    common = one_file([{"name": "Rosa Hernández García", **born}] * 2).pairs.to_pylist()[0]
    assert rare["weight_paterno"] > common["weight_paterno"] + 3


def test_first_of_january_tells_less_than_another_day():
    name = {"name": "Rosa Tecuapetla Zubieta"}
    filler = one_file([{**name, "birth_date": "1970-01-01"}] * 2).pairs.to_pylist()[0]
    real = one_file([{**name, "birth_date": "1970-04-03"}] * 2).pairs.to_pylist()[0]
    assert 4 < filler["weight_birth_date"] < real["weight_birth_date"] - 4
    assert "1 January" in one_file([{**name, "birth_date": "1970-01-01"}] * 2).records()["reasons"][0].as_py()


def test_two_well_known_surnames_are_two_and_a_misspelt_one_is_alike():
    born = {"given": "Juan", "paterno": "Pérez", "birth_date": "1984-04-03"}

    def level(one, other):
        found = one_file([{**born, "materno": one}, {**born, "materno": other}]).pairs.to_pylist()
        return found[0]["level_materno"] if found else "left out"

    assert level("García", "Garza") == "different"
    assert level("García", "Garcís") == "alike"
    assert level("Rodríguez", "Rodrigues") == "equal"
    assert level("Tecuapetla", "Tecuapetle") == "alike"


def test_another_surname_goes_to_a_person_unless_more_than_name_and_date_agrees():
    born = {"given": "Juan", "paterno": "Pérez", "birth_date": "1970-01-01"}
    one, other = {**born, "materno": "García"}, {**born, "materno": "Garza"}
    found = one_file([one, other])
    assert found.clusters.members == {}
    assert "a surname differs" in str(found.clusters.doubts[0].why)
    phone = {"phone": "55 1234 5678"}
    assert one_file([{**one, **phone}, {**other, **phone}]).clusters.members != {}
