"""Screening: the listed are found, relatives are not, every hit says why."""

import datetime as dt

import pyarrow as pa
import pytest

from convenio.core.errors import InputError
from convenio.core.program import program
from convenio.entities.comparison import birth_date
from convenio.entities.identifiers.curp import check_digit
from convenio.programs.finance.delta import delta
from convenio.programs.finance.methods import screen, workload
from convenio.programs.finance.schema import BirthDate, Identifier, ListedName, ListEntry
from convenio.programs.finance.screening.memory import Memory, clear, read_cleared, write_cleared
from convenio.programs.finance.screening.party import party
from convenio.programs.finance.screening.rescreen import rescreen
from convenio.programs.finance.screening.screener import Screener
from convenio.programs.finance.sources.tables import as_entries, as_table

CURP = "QUZJ500101HSLNZSX" + check_digit("QUZJ500101HSLNZSX")


def entry(number, name, *, born="1950-01-01", curp="", kind="person", **fields):
    return ListEntry(
        source="made_up",
        id=str(number),
        kind=kind,
        names=(ListedName(name), *fields.pop("aliases", ())),
        birth_dates=(BirthDate(born, born),) if born else (),
        identifiers=(Identifier("curp", curp),) if curp else (),
        **fields,
    )


LISTED = [
    entry(1, "QUINTERO ZAZUETA, Jesus Ramon", curp=CURP, birth_places=("Culiacan, Sinaloa, Mexico",), gender="male"),
    entry(2, "TORRES IBARRA, Guadalupe", born="1971-05-09"),
    entry(3, "COMERCIALIZADORA ZORRIVAS SA DE CV", born="", kind="company"),
    entry(4, "GARCIA, Juan", born=""),
]


def found(*, entries=LISTED, **row):
    row.setdefault("customer_id", "C1")
    return Screener(entries).hits(party(row))


def test_a_listed_person_is_found_by_name_and_date_and_the_hit_says_why():
    (hit,) = found(name="Chuy Ramón Quintero Z.", birth_date="1950-01-01")
    assert hit.entry.id == "1"
    assert {each.field: each.verdict for each in hit.weighed.evidence}["birth_date"] == "agrees"
    said = hit.explanation.in_both()
    assert "CHUY ~ JESUS" in said["en"]
    assert "1950-01-01" in said["en"]
    assert "la misma fecha de nacimiento" in said["es"]
    assert "CURP" in str(hit.would_change)


def test_a_sibling_and_a_namesake_born_elsewhen_are_no_hits():
    assert not found(name="Luis Alberto Quintero Zazueta", birth_date="1953-04-04")
    assert not found(name="Jesús Ramón Quintero Zazueta", birth_date="1988-12-24")


def test_the_same_curp_is_a_hit_whatever_the_name():
    (hit,) = found(name="J. R. Quintana", curp=CURP)
    assert hit.weighed.score >= 0.95


def test_another_curp_is_another_person():
    assert not found(name="Jesús Ramón Quintero Zazueta", curp="QUZJ500101HSLNZSW1")


def test_facts_inside_a_curp_count_once():
    bare = found(name="Jesús Ramón Quintero Zazueta", birth_date="1950-01-01", birth_state="Sinaloa", sex="H")[0]
    with_curp = found(
        name="Jesús Ramón Quintero Zazueta", birth_date="1950-01-01", birth_state="Sinaloa", sex="H", curp=CURP
    )[0]
    only_curp = found(name="Jesús Ramón Quintero Zazueta", curp=CURP)[0]
    assert with_curp.weighed.weight - bare.weighed.weight == pytest.approx(4.0)
    assert only_curp.weighed.weight == pytest.approx(with_curp.weighed.weight)


def test_a_common_name_without_a_surname_is_held_back_until_a_date_agrees():
    listed = [entry(1, "GARCIA HERNANDEZ, Juan", born="1960-02-03")]
    assert not found(entries=listed, name="Juan García")
    (hit,) = found(entries=listed, name="Juan García", birth_date="1960-02-03")
    assert hit.weighed.score >= 0.70


def test_two_people_in_one_field_are_two():
    hits = found(name="Ana Gil Paz Y/O Jesús Ramón Quintero Zazueta")
    assert [hit.entry.id for hit in hits] == ["1"]


def test_companies_are_screened_against_companies():
    (hit,) = found(name="Comercializadora Zorrivas, S.A. de C.V.", kind="company")
    assert hit.entry.id == "3"
    assert not found(name="Comercializadora Zorrivas, S.A. de C.V.")


def test_who_was_cleared_by_the_authority_is_not_screened():
    cleared = [entry(9, "COMERCIALIZADORA ZORRIVAS SA DE CV", born="", kind="company", state="favourable_ruling")]
    assert not found(entries=cleared, name="Comercializadora Zorrivas SA", kind="company")


@pytest.mark.parametrize("name", ["A", "🙂" * 30, "\u200f\u200e", "x" * 5000, "Ñ " * 2500, "12345", "de la"])
def test_names_that_are_hardly_names_hit_no_one(name):
    assert found(name=name) == []


def test_a_filled_in_date_is_no_evidence_and_one_that_does_not_exist_is_refused():
    (hit,) = found(name="Jesús Ramón Quintero Zazueta", birth_date="1900-01-01")
    assert {each.field: each.verdict for each in hit.weighed.evidence}["birth_date"] == "silent"
    with pytest.raises(InputError, match="1980-02-31"):
        party({"customer_id": "C1", "name": "Ana Gil", "birth_date": "1980-02-31"})


@pytest.mark.parametrize("threshold", [0, -1, 1.5])
def test_a_threshold_that_flags_everyone_or_no_one_is_refused(threshold):
    with pytest.raises(InputError, match="threshold"):
        Screener(LISTED, threshold=threshold)


def test_a_hit_cleared_with_a_reason_comes_back_only_if_something_changed(tmp_path):
    row = {"customer_id": "C1", "name": "Jesús Ramón Quintero Zazueta"}
    (hit,) = Screener(LISTED).hits(party(row))
    write_cleared(tmp_path / "cleared", clear(hit, reason="met in person", by="A. Gil", on=dt.date(2026, 1, 2)))
    memory = Memory(read_cleared(tmp_path / "cleared"))
    assert list(memory.sift(Screener(LISTED).hits(party(row)))) == []
    (again,) = memory.sift(Screener(LISTED).hits(party({**row, "birth_date": "1950-01-01"})))
    assert "met in person" in str(again[1])
    with pytest.raises(InputError):
        clear(hit, reason=" ", by="A. Gil", on=dt.date(2026, 1, 2))


def test_rescreening_what_changed_equals_screening_everything():
    customers = [
        party({"customer_id": "C1", "name": "Jesús Ramón Quintero Zazueta"}),
        party({"customer_id": "C2", "name": "Guadalupe Torres Ibarra"}),
        party({"customer_id": "C3", "name": "Rosa Zorrivas Quilpa"}),
    ]
    later = [LISTED[0], entry(2, "TORRES IBARRA, Roberto"), entry(7, "ZORRIVAS QUILPA, Rosa", born="")]
    before = list(Screener(LISTED).screen(customers))
    change = rescreen(customers, before, delta(LISTED, later))
    whole = {(hit.customer.id, hit.entry.id) for hit in Screener(later).screen(customers)}
    assert {(hit.customer.id, hit.entry.id) for hit in change.kept} == whole == {("C1", "1"), ("C3", "7")}
    assert [hit.entry.id for hit in change.opened] == ["7"]
    assert [hit.entry.id for hit in change.closed] == ["2"]
    assert change.delisted == ()
    assert rescreen(customers, before, delta(LISTED, LISTED[1:])).delisted[0].entry.id == "1"


def test_the_declared_method_takes_tables_and_gives_a_table():
    customers = pa.table({"customer_id": ["C1", "C2"], "name": ["Jesús R. Quintero Zazueta", "Ana Gil Paz"]})
    made = (
        program("finance")
        .declared_methods()["screen"]
        .run({"customers": customers, "listed": as_table(LISTED)}, {"prior": 1e-6})
    )
    assert made.column("entry_id").to_pylist() == ["1"]
    assert 0 < made.column("posterior")[0].as_py() < 1
    assert screen(customers, as_table(LISTED)).num_rows == 1


def test_the_workload_says_what_a_threshold_misses_and_saves():
    customers = pa.table(
        {"customer_id": ["C1", "C2", "C3"], "name": ["Chuy Quintero Zazueta", "Guadalupe Torres Ibarra", "Ana Gil Paz"]}
    )
    decisions = pa.table(
        {"customer_id": ["C1", "C2"], "source": ["made_up"] * 2, "entry_id": ["1", "2"], "is_listed": [True, False]}
    )
    rows = workload(customers, as_table(LISTED), decisions, minutes=30).to_pylist()
    assert [rows[0][name] for name in ("hits", "confirmed", "missed", "saved", "hours")] == [2, 1, 0, 0, 1.0]
    assert rows[0]["per_100_000"] == pytest.approx(66_666.67)
    last = rows[-1]
    assert (last["threshold"], last["missed"], last["saved"]) == (1.0, 1, 0)
    assert [row["hits"] for row in rows] == sorted((row["hits"] for row in rows), reverse=True)


def test_entries_come_back_from_a_table_as_they_were():
    assert as_entries(as_table(LISTED[:2])) == [
        ListEntry(**{**each.__dict__, "birth_dates": each.birth_dates}) for each in LISTED[:2]
    ]


def test_every_variant_that_brute_force_finds_is_found_by_the_index():
    from convenio.entities.names import MATCH, compare_names
    from convenio.entities.names.variants import Parts, variants

    parts = [Parts("FRANCISCO JAVIER", "QUINTERO", "ZAZUETA"), Parts("MARIA GUADALUPE", "DE LA CRUZ", "HERNANDEZ")]
    entries = [entry(at, f"{p.paterno} {p.materno}, {p.given}", born="") for at, p in enumerate(parts)]
    screener = Screener(entries, threshold=0.01)
    for at, each in enumerate(parts):
        for kind, text in variants(each, seed=4, per_class=3):
            if compare_names(text, entries[at].name) >= MATCH:
                assert str(at) in {hit.entry.id for hit in screener.hits(party({"name": text}))}, (kind, text)


@pytest.mark.parametrize(
    "written",
    ["1967-03-28", "28/03/1967", "28-03-1967", "03/28/1967", "19670328", "28 de marzo de 1967", "1967-03-28T00:00:00"],
)
def test_a_birth_date_is_read_as_files_here_write_it(written):
    assert party({"name": "Ana Ruiz", "birth_date": written}).birth_date == dt.date(1967, 3, 28)


def test_a_date_that_can_be_two_is_read_day_first_and_still_speaks_for_the_other():
    known = party({"name": "Ana Ruiz Mora", "birth_date": "03/04/1967"})
    assert known.birth_date == dt.date(1967, 4, 3)
    said = birth_date(known.birth_date, [("1967-03-04", "1967-03-04")])
    assert said.verdict == "close"
    assert said.bans > 1


@pytest.mark.parametrize("written", ["31/02/1980", "1980-02-31", "soon", "29444", "03/04/67"])
def test_a_birth_date_that_is_none_says_why(written):
    with pytest.raises(InputError, match="birth date of customer C1 cannot be read"):
        party({"customer_id": "C1", "name": "Ana Ruiz", "birth_date": written})


@pytest.mark.parametrize("written", ["P&eacute;rez Garc&iacute;a, Jos&eacute;", "PÃ©rez GarcÃ\u00ada, JosÃ©"])
def test_a_name_whose_encoding_is_broken_is_one_person(written):
    (parsed,) = party({"name": written}).parsed
    assert {word.text for word in parsed.words} == {"PEREZ", "GARCIA", "JOSE"}
