"""The commands, on made-up files, as a compliance officer types them."""

import csv
import json

import pytest
from typer.testing import CliRunner

from convenio.programs.finance.commands import app


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("example")
    assert run("example", folder, "--customers", 400).exit_code == 0
    return folder


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_screening_finds_exactly_the_planted_customers(example):
    result = run("screen", example / "customers.csv", example / "list" / "sdn_2021-10-06.csv", "--json", "-")
    found = json.loads(result.stdout)
    with (example / "truth.csv").open() as file:
        planted = {(row["customer_id"], row["entry_id"]) for row in csv.DictReader(file)}
    planted = {(customer, entry) for customer, entry in planted if entry != "90001"}
    assert {(hit["customer_id"], hit["entry_id"]) for hit in found["hits"]} == planted
    assert found["customers"] == 400
    assert all("For it" in hit["explanation_en"] and "A favor" in hit["explanation_es"] for hit in found["hits"])


def test_hits_are_written_as_csv_without_formulas(example, tmp_path):
    customers = tmp_path / "customers.csv"
    customers.write_text("customer_id,name\n=1+1,Jesús Quintero Zazueta\n")
    listed = tmp_path / "listed.csv"
    listed.write_text('nombre\n"QUINTERO ZAZUETA, Jesus"\n')
    assert run("screen", customers, listed, "-o", tmp_path / "hits.csv").exit_code == 0
    with (tmp_path / "hits.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert row["customer_id"] == "'=1+1"


def test_a_cleared_hit_stays_away(example, tmp_path):
    files = (example / "customers.csv", example / "list" / "sdn_2021-10-06.csv")
    hit = json.loads(run("screen", *files, "--json", "-").stdout)["hits"][0]
    who = ("--customer", hit["customer_id"], "--entry", hit["entry_id"], "--reason", "another person", "--by", "A. Gil")
    assert run("clear", *files, "--cleared", tmp_path / "cleared", *who).exit_code == 0
    again = json.loads(run("screen", *files, "--cleared", tmp_path / "cleared", "--json", "-").stdout)["hits"]
    assert hit["customer_id"] not in {each["customer_id"] for each in again}
    refused = run("clear", *files, "--cleared", tmp_path / "cleared", *who[:1], "nobody", *who[2:])
    assert refused.exit_code == 2
    assert "are no hit" in refused.stderr


def test_replay_opens_hits_on_their_day_and_closes_the_delisted(example):
    result = run("replay", example / "customers.csv", example / "list", "--json", "-")
    first, second = json.loads(result.stdout)["days"]
    assert (first["date"], len(first["opened"]), second["date"]) == ("2021-09-30", 8, "2021-10-06")
    assert {hit["entry_id"] for hit in second["opened"]} == {"90009", "90010", "90011", "90012"}
    assert [hit["entry_id"] for hit in second["delisted"]] == ["90001"]
    shown = run("replay", example / "customers.csv", example / "list").stdout
    assert "was taken off the list; the hit is closed" in shown


def test_compare_says_word_by_word_why():
    result = run("compare", "Pancho Villa Torres", "VILLA TORRES, Francisco", "--json", "-")
    found = json.loads(result.stdout)
    assert found["match"]
    assert "PANCHO ~ FRANCISCO" in found["why"]["en"]
    assert "not the same name" in run("compare", "Ana Gil", "Eva Paz").stdout
    assert run("compare", "a", "b", "--schema", "Ghost").exit_code == 2


def test_rows_that_do_not_fit_are_set_aside_and_counted(example, tmp_path):
    customers = tmp_path / "customers.csv"
    customers.write_text("customer_id,name,birth_date\n1,Ana Gil Paz,1980-02-31\n2,,1980-02-01\n3,Eva Gil Paz,\n")
    listed = example / "list" / "sdn_2021-10-06.csv"
    result = run("screen", customers, listed, "--json", "-")
    assert json.loads(result.stdout)["set_aside"] == 2
    assert "1980-02-31" in result.stderr
    strict = run("screen", customers, listed, "--strict")
    assert strict.exit_code == 2
    assert "row 2" in strict.stderr


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "empty"), ("a,b\n1,2\n", "no column holds a name"), ("name\n", "no customer")],
)
def test_a_file_without_customers_says_so(example, tmp_path, text, says):
    customers = tmp_path / "customers.csv"
    customers.write_text(text)
    result = run("screen", customers, example / "list" / "sdn_2021-10-06.csv")
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_threshold_of_nothing_is_refused(example):
    result = run("screen", example / "customers.csv", example / "list" / "sdn_2021-10-06.csv", "--threshold", "0")
    assert result.exit_code == 2
    assert "flag everyone" in result.stderr


def test_customers_are_read_as_a_stream(tmp_path):
    from convenio.programs.finance.sources.customers import read_customers

    path = tmp_path / "many.csv"
    with path.open("w", encoding="latin-1") as file:
        file.write("Número de cliente;Nombres;Apellido paterno;Apellido materno\n")
        file.writelines(f"{at};José;Núñez;Peña\n" for at in range(20_000))
    stream = read_customers(path)
    first = next(stream)
    assert (first.name, first.id) == ("José Núñez Peña", "0")
    assert sum(1 for _ in stream) == 19_999


def test_a_list_goes_out_as_followthemoney_and_is_read_again(example, tmp_path):
    made = tmp_path / "list.ftm.json"
    listed = example / "list" / "sdn_2021-10-06.csv"
    assert run("ftm", listed, "-o", made).exit_code == 0
    entities = [json.loads(line) for line in made.read_text(encoding="utf-8").splitlines()]
    assert all(each["properties"]["topics"] == ["sanction"] for each in entities)
    assert [each.name for each in tmp_path.iterdir()] == ["list.ftm.json"]
    plain = json.loads(run("screen", example / "customers.csv", listed, "--json", "-").stdout)["hits"]
    again = json.loads(run("screen", example / "customers.csv", made, "--json", "-").stdout)["hits"]
    assert {(h["customer_id"], h["listed_name"]) for h in again} == {
        (h["customer_id"], h["listed_name"]) for h in plain
    }


def test_a_list_that_cannot_be_read_leaves_what_was_there(tmp_path):
    made, bad = tmp_path / "list.ftm.json", tmp_path / "bad.csv"
    made.write_text("before")
    bad.write_text("nothing,known\n1,2\n")
    assert run("ftm", bad, "-o", made).exit_code == 2
    assert made.read_text() == "before"
