from collections import Counter, defaultdict

import pyarrow.parquet as pq
import pytest

from convenio.core.errors import Conflict, InputError
from convenio.entities.identifiers import kind
from convenio.world import World
from convenio.world.__main__ import main
from convenio.world.patterns import TRUTH
from convenio.world.things import GOODS


@pytest.fixture(scope="module")
def tables():
    return World(seed=7, people=4000).tables(patterns=2)


@pytest.fixture(scope="module")
def rows(tables):
    return {name: table.to_pylist() for name, table in tables.items()}


def planted(rows, pattern, table):
    found = defaultdict(list)
    for row in rows["truth"]:
        if row["pattern"] == pattern and row["table"] == table:
            found[row["pattern_id"]].append(row)
    assert len(found) == 2
    return found


def by(rows, table, key):
    return {row[key]: row for row in rows[table]}


@pytest.mark.parametrize(
    ("table", "column", "name"),
    [
        ("companies", "rfc", "rfc"),
        ("companies", "ein", "ein"),
        ("companies", "lei", "lei"),
        ("companies", "phone", "phone"),
        ("people", "ein", "ein"),
        ("people", "phone", "phone"),
        ("accounts", "clabe", "clabe"),
        ("vehicles", "vin", "vin"),
        ("shipments", "container", "container"),
    ],
)
def test_every_identifier_is_valid_and_can_be_nobodys(rows, table, column, name):
    values = {row[column] for row in rows[table] if row[column]}
    assert values
    for value in values:
        assert kind(name).validate(value) == value
        assert kind(name).is_synthetic(value)


def test_tables_hang_together(rows):
    people, firms = set(by(rows, "people", "person_id")), set(by(rows, "companies", "company_id"))
    accounts = set(by(rows, "accounts", "account_id"))
    assert {row["holder_id"] for row in rows["accounts"]} <= people | firms
    assert {row["owner_id"] for row in rows["owners"]} <= people | firms
    assert {row["company_id"] for row in rows["officers"]} == firms == {row["company_id"] for row in rows["owners"]}
    assert {row["to_account"] for row in rows["transfers"]} <= accounts
    assert {row["exporter_id"] for row in rows["shipments"]} | {
        row["importer_id"] for row in rows["shipments"]
    } <= firms
    for name, key in (("transfers", "transfer_id"), ("vehicles", "vehicle_id"), ("shipments", "shipment_id")):
        assert len(by(rows, name, key)) == len(rows[name])


def test_every_company_is_owned_whole_and_none_by_itself(rows):
    shares = Counter()
    for row in rows["owners"]:
        shares[row["company_id"]] += row["share"]
        assert row["share"] > 0
        assert not row["owner_id"].startswith("C") or row["owner_id"] < row["company_id"]
    assert set(shares.values()) == {100}


def test_the_truth_names_records_that_are_there(rows):
    keys = {"people": "person_id", "companies": "company_id", "accounts": "account_id", "transfers": "transfer_id"}
    keys |= {"shipments": "shipment_id", "vehicles": "vehicle_id", "phones": "phone"}
    held = {table: set(by(rows, table, key)) for table, key in keys.items()}
    for row in rows["truth"]:
        assert row["key"] in held[row["table"]]
    assert len({row["pattern"] for row in rows["truth"]}) == 8


def test_structuring_stays_below_the_reporting_threshold(rows):
    transfers = by(rows, "transfers", "transfer_id")
    for parts in planted(rows, "structuring", "transfers").values():
        paid = [transfers[row["key"]] for row in parts if row["role"] == "deposit"]
        assert len(paid) == 25
        assert all(row["channel"] == "cash" and 900_000 <= row["amount_cents"] < 1_000_000 for row in paid)
        assert len({row["to_account"] for row in paid}) == 1


def test_a_cycle_comes_back_to_where_it_began(rows):
    transfers = by(rows, "transfers", "transfer_id")
    for parts in planted(rows, "cycle", "transfers").values():
        steps = [transfers[row["key"]] for row in sorted(parts, key=lambda each: each["role"])]
        assert [row["to_account"] for row in steps[:-1]] == [row["from_account"] for row in steps[1:]]
        assert steps[-1]["to_account"] == steps[0]["from_account"]
        assert steps == sorted(steps, key=lambda row: row["time"])


def test_layers_lead_to_one_person(rows):
    owner = {row["company_id"]: row for row in rows["owners"]}
    firms = by(rows, "companies", "company_id")
    truth = rows["truth"]
    for name, parts in planted(rows, "layers", "companies").items():
        person = next(row["key"] for row in truth if row["pattern_id"] == name and row["role"] == "beneficial owner")
        last = max(parts, key=lambda row: row["role"])["key"]
        for _layer in range(5):
            assert firms[last]["address"] == firms[parts[0]["key"]]["address"]
            last = owner[last]["owner_id"]
        assert last == person


def test_other_patterns_are_what_they_are_said_to_be(rows):
    shipments, vehicles = by(rows, "shipments", "shipment_id"), by(rows, "vehicles", "vehicle_id")
    for parts in planted(rows, "under-invoicing", "shipments").values():
        for row in (shipments[each["key"]] for each in parts):
            assert row["value_usd"] / row["net_kg"] < GOODS[row["hs6"]][0] / 5
    for parts in planted(rows, "doubled container", "shipments").values():
        one, other = (shipments[each["key"]] for each in parts)
        assert (one["container"], one["date"]) == (other["container"], other["date"])
        assert one["port"] != other["port"]
    for parts in planted(rows, "cloned vehicle", "vehicles").values():
        clone = vehicles[parts[0]["key"]]
        assert {row["country"] for row in rows["vehicles"] if row["vin"] == clone["vin"]} == {"MX", "US"}
    for parts in planted(rows, "shared telephone", "phones").values():
        assert len({row["holder_id"] for row in rows["phones"] if row["phone"] == parts[0]["key"]}) >= 6


def test_identifiers_do_not_tell_what_was_planted(tables, rows):
    order = tables["transfers"]["time"].to_pylist()
    assert order == sorted(order)
    planted_at = [int(row["key"][1:]) for row in rows["truth"] if row["table"] == "transfers"]
    assert min(planted_at) < len(order) // 2


def test_one_seed_gives_the_same_tables(tables):
    again = World(seed=7, people=4000).tables(patterns=2)
    assert {name: table.equals(again[name]) for name, table in tables.items()} == dict.fromkeys(tables, True)


def test_a_world_is_written_with_its_truth_apart(tmp_path):
    assert main([str(tmp_path / "world"), "--people", "400", "--csv"]) == 0
    assert pq.read_table(tmp_path / "world" / "truth" / "truth.parquet").schema.equals(TRUTH)
    assert (tmp_path / "world" / "transfers.csv").stat().st_size > 1000
    assert not (tmp_path / "world" / "truth.parquet").exists()


def test_a_folder_in_use_and_a_tiny_world_are_refused(tmp_path, capsys):
    (tmp_path / "mine").write_text("here")
    with pytest.raises(Conflict, match="something here already"):
        World(people=400).write(tmp_path)
    assert main([str(tmp_path)]) == 2
    assert "advice: name a folder" in capsys.readouterr().err
    with pytest.raises(InputError, match="too small"):
        World(people=100).tables()
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


def test_registers_tell_nothing_of_who_is_who_and_the_truth_tells_all(rows, tables):
    assert not {"person_id", "differences"} & set(tables["register_one"].column_names)
    truth = {(row["table"], row["record_id"]): row["person_id"] for row in rows["truth_registers"]}
    records = {(name, row["record_id"]) for name in ("register_one", "register_two") for row in rows[name]}
    assert records == set(truth)
    counts = Counter(person for (name, _record), person in truth.items() if name == "register_two")
    assert set(counts.values()) == {1, 2}
    first = {person for (name, _record), person in truth.items() if name == "register_one"}
    assert len(first & set(counts)) == len(rows["people"]) * 4 // 10
    assert sum(person.startswith("R") for person in counts) == len(rows["people"]) // 20
