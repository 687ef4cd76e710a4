"""What changed between two lists, from Python and from the command line."""

import json

import pytest
from typer.testing import CliRunner

from convenio.programs.finance.commands import app
from convenio.programs.finance.delta import delta
from convenio.programs.finance.schema import BirthDate, Identifier, ListedName, ListEntry


def entry(number, **fields):
    fields.setdefault("names", (ListedName(f"NAME {number}"),))
    return ListEntry(source="ofac_sdn", id=str(number), kind="person", **fields)


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_the_same_list_has_no_changes():
    entries = [entry(1), entry(2)]
    found = delta(entries, entries)
    assert (found.added, found.removed, found.changed) == ((), (), ())


def test_each_changed_field_says_what_went_and_what_came():
    old = entry(1, birth_dates=(BirthDate("1970-01-02", "1970-01-02"),), programmes=("SDNT",))
    new = entry(1, programmes=("SDNT", "TCO"), identifiers=(Identifier("curp", "XEXX700102HJCXXX09"),))
    (change,) = delta([old], [new]).changed
    assert {(each.field, each.removed, each.added) for each in change.fields} == {
        ("birth_dates", ("1970-01-02",), ()),
        ("programmes", (), ("TCO",)),
        ("identifiers", (), ("curp · XEXX700102HJCXXX09",)),
    }


def test_a_change_of_order_alone_is_none():
    one = entry(1, programmes=("A", "B"))
    two = entry(1, programmes=("B", "A"))
    assert delta([one], [two]).changed == ()


def test_remarks_that_come_to_be_cut_are_a_change():
    (change,) = delta([entry(1)], [entry(1, remarks_cut=True)]).changed
    assert change.fields[0].field == "remarks_cut"


def test_the_joint_designation_adds_exactly_four_people_each_with_a_curp(data):
    folder = data / "finance/ofac_sdn"
    result = run("delta", folder / "sdn_2021-09-30.csv", folder / "sdn_2021-10-06.csv", "--json", "-")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert [each["name"] for each in found["added"]] == [
        "JARQUIN JARQUIN, Aldrin Miguel",
        "JARQUIN JARQUIN, Jose Jesus",
        "DIAZ DE LEON SAUCEDA, Cesar Enrique",
        "ZAGAL ANTON, Fernando",
    ]
    assert all(len(each["curp"]) == 1 and len(each["curp"][0]) == 18 for each in found["added"])
    assert all(each["kind"] == "person" and each["birth_dates"] for each in found["added"])
    assert found["removed"] == found["changed"] == []


def test_a_year_of_the_list_changes_in_every_way(data):
    folder = data / "finance/ofac_sdn"
    result = run("delta", folder / "sdn_2021-10-06.csv", folder / "sdn_2022-12-28.csv", "--json", "-")
    found = json.loads(result.stdout)
    assert (len(found["added"]), len(found["removed"])) == (2760, 452)
    assert all(each["fields"] for each in found["changed"])


def test_people_read_the_delta_as_lines(data, tmp_path):
    folder = data / "finance/ofac_sdn"
    target = tmp_path / "delta.json"
    result = run("delta", folder / "sdn_2021-09-30.csv", folder / "sdn_2021-10-06.csv", "--json", target)
    assert "4 added, 0 removed, 0 changed" in result.stdout
    assert "+ 32674 ZAGAL ANTON, Fernando [SDNTK] 1982-10-14; Puerto Vallarta, Jalisco, Mexico" in result.stdout
    assert len(json.loads(target.read_text())["added"]) == 4


@pytest.mark.parametrize("keep", [0.3, 0.5, 0.9])
def test_a_list_cut_in_the_middle_is_refused_and_nothing_is_written(data, tmp_path, keep):
    whole = data / "finance/ofac_sdn/sdn_2021-10-06.csv"
    cut = tmp_path / "cut.csv"
    raw = whole.read_bytes()
    cut.write_bytes(raw[: int(len(raw) * keep)])
    target = tmp_path / "delta.json"
    result = run("delta", whole, cut, "--json", target)
    assert result.exit_code == 2
    assert "cut" in result.stderr
    assert not target.exists()


def test_a_list_cut_between_two_rows_is_refused(data, tmp_path):
    whole = data / "finance/ofac_sdn/sdn_2021-10-06.csv"
    cut = tmp_path / "cut.csv"
    cut.write_bytes(b"".join(whole.read_bytes().splitlines(keepends=True)[:400]))
    result = run("delta", whole, cut)
    assert result.exit_code == 2
    assert "ends after 400 rows without the publisher's end mark" in result.stderr
