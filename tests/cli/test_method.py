"""Declared methods, checks, templates and sources from the command line."""

import csv
import json
import sys

import pyarrow.parquet as pq
import pytest

from convenio.cli.main import main
from convenio.core import program as programs
from convenio.core.finding import Text
from convenio.files.sources.declaration import Assertions, Source
from convenio.files.types import record_types
from convenio.world import World
from tests.conformance.sample.program import PROGRAM


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    monkeypatch.delenv("CONVENIO_LANG", raising=False)
    monkeypatch.setenv("LANG", "C")
    found = programs.discover()
    found["sample"] = PROGRAM
    record_types.cache_clear()
    yield
    del found["sample"]
    record_types.cache_clear()


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a command line; exit code, standard output, standard error."""

    def made(*words):
        monkeypatch.setattr(sys, "argv", ["convenio", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return made


@pytest.fixture
def counts(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text("Serie;Semana;Casos\nA;2021-W05;3\nA;2021-W06;8\nA;2021-W53;1\nB;2021-W05;-4\n", encoding="utf-8")
    return path


def test_a_declared_method_runs_and_tells_what_it_set_aside(run, counts):
    code, out, err = run("sample", "weekly-change", counts)
    assert code == 0
    assert "5" in out
    assert "a difference of counts; not a forecast" in out
    assert "counts.csv, row 4, column Semana: week 2021-W53 does not exist" in err
    assert "counts.csv, row 5, column Casos: -4 is below 0" in err
    assert "2 rows read, 2 set aside" in err


def test_the_result_comes_in_every_form(run, counts, tmp_path):
    names = [tmp_path / f"o.{each}" for each in ("csv", "xlsx", "parquet", "json", "html")]
    words = [word for name in names for word in ("-o", name)]
    assert run("sample", "weekly-change", counts, *words)[0] == 0
    assert all(name.exists() for name in names)
    assert pq.read_table(tmp_path / "o.parquet").column("change").to_pylist() == [None, 5.0]
    told = json.loads((tmp_path / "o.json").read_text())
    assert told["inputs"]["counts"]["set_aside"] == 2
    assert "made-up source" in (tmp_path / "o.html").read_text()
    with (tmp_path / "o.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == ["series", "week", "change"]


def test_json_goes_to_standard_output_alone(run, counts):
    code, out, _err = run("sample", "weekly-change", counts, "--lag", "2", "--json", "-")
    assert code == 0
    assert json.loads(out)["params"] == {"lag": 2}


def test_a_result_that_was_written_can_be_read_again(run, counts, tmp_path):
    run("sample", "weekly-change", counts, "-o", tmp_path / "o.json")
    code, out, _err = run("check", tmp_path / "o.json", "--json", "-")
    assert code == 0
    assert json.loads(out)["rows"] == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--lag", "x"], "--lag"),
        (["--lag", "0"], "0 is below 1"),
        (["--strict"], "2021-W53 does not exist"),
        (["-o", "o.pdf"], "not written as .pdf"),
        (["--delimiter", "ab"], "one character"),
        (["--date-order", "ydm"], "one of dmy, mdy, ymd"),
        (["--map", "week"], "COLUMN=HEADING"),
        (["--encoding", "klingon"], "no encoding klingon"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_written(run, counts, monkeypatch, tmp_path, words, told):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("sample", "weekly-change", counts, *words)
    assert code == 2
    assert told in err
    assert not out
    assert sorted(each.name for each in tmp_path.iterdir()) == ["counts.csv"]


def test_rows_set_aside_are_written_with_their_reasons(run, counts, tmp_path):
    run("sample", "weekly-change", counts, "--set-aside", tmp_path / "aside.csv")
    with (tmp_path / "aside.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["column"]) for row in rows] == [("4", "Semana"), ("5", "Casos")]


def test_help_is_made_from_the_declaration_in_both_languages(run):
    english = run("sample", "weekly-change", "--help")[1]
    assert "weeks between" in english
    assert "made-up source" in english
    spanish = run("--lang", "es", "sample", "weekly-change", "--help")[1]
    assert "Apartar" in spanish or "apartan" in spanish
    assert "Uso:" in spanish


def test_a_large_file_goes_through_in_parts(run, tmp_path, monkeypatch):
    monkeypatch.setattr("convenio.cli.method.TOGETHER", 1000)
    path = tmp_path / "people.csv"
    path.write_text("folio,nombre\n" + "".join(f"{n},Ana {n}\n" for n in range(60_000)), encoding="utf-8")
    code, _out, err = run("sample", "clean-people", path, "--map", "name=nombre", "-o", tmp_path / "o.parquet")
    assert code == 0, err
    made = pq.read_table(tmp_path / "o.parquet")
    assert made.num_rows == 60_000
    assert made.column("name")[59_999].as_py() == "ANA 59999"


def test_an_example_and_a_template_read_back(run, tmp_path):
    assert run("sample", "example", tmp_path / "ex")[0] == 0
    assert run("sample", "weekly-change", tmp_path / "ex" / "weekly_count.csv")[0] == 0
    code, out, _err = run("template")
    assert code == 0
    assert "weekly_count" in out
    assert "person" in out
    code, out, _err = run("--lang", "es", "template", "person")
    assert "Fecha de nacimiento" in out
    assert run("template", "nothing")[0] == 2


def test_check_proposes_and_saves_a_mapping_that_later_commands_use(run, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("clave,alias,fecha nac\n1,Ana,03/04/1984\n2,Eva,05/06/1990\n", encoding="utf-8")
    code, out, _err = run("check", path)
    assert code == 0
    assert "--date-order" in out
    words = ["--as", "person", "--map", "name=alias", "--map", "birth_date=fecha nac"]
    code, _out, err = run("check", path, *words, "--save")
    assert code == 2
    assert "can be two dates" in err
    assert run("check", path, *words, "--date-order", "dmy", "--save")[0] == 0
    code, out, _err = run("sample", "clean-people", path, "--json", "-")
    assert [row["name"] for row in json.loads(out)["rows"]] == ["ANA", "EVA"]
    assert json.loads((tmp_path / "people.csv.mapping.json").read_text())["options"]["date_order"] == "dmy"
    assert run("check", path, "--save")[0] == 2


@pytest.mark.filterwarnings("ignore")
def test_a_newcomer_gets_from_one_file_to_a_report_in_three_commands(run, tmp_path):
    pytest.importorskip("splink")
    path = tmp_path / "padron.csv"
    world = World(people=400).people().select(["given", "paterno", "materno", "birth_date", "curp"]).slice(0, 60)
    rows = ["Nombre,Primer apellido,Segundo apellido,Fecha de nacimiento,CURP"]
    rows += [",".join(str(each or "") for each in row.values()) for row in world.to_pylist()]
    rows += rows[1:3]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert run("check", path, "--as", "person", "--save")[0] == 0
    code, _out, err = run("dedupe", path, "-o", tmp_path / "o.csv")
    assert code == 0, err
    assert "62 records, 60 people" in err
    code, _out, err = run("--lang", "es", "report", path, "-o", tmp_path / "o.html")
    assert code == 0, err
    page = (tmp_path / "o.html").read_text()
    assert 'lang="es"' in page
    assert "Informe de un archivo de personas" in page


@pytest.mark.filterwarnings("ignore")
def test_a_doubt_that_a_person_settled_counts_and_comes_back_open_without_it(run, tmp_path):
    pytest.importorskip("splink")
    path = tmp_path / "padron.csv"
    world = World(people=400).people().select(["given", "paterno", "materno", "birth_date"]).slice(0, 60)
    lines = [",".join(str(each or "") for each in row.values()) for row in world.to_pylist()]
    path.write_text("\n".join(["given,paterno,materno,birth_date", *lines, lines[1]]), encoding="utf-8")
    assert "61 records, 60 people" in run("dedupe", path, "-o", tmp_path / "o.csv")[2]
    judged = tmp_path / "judged.csv"
    judged.write_text(
        "left_source,left_id,right_source,right_id,verdict,by,reason\npadron,2,padron,61,different,Ana Ruiz,twins\n"
    )
    assert "61 records, 61 people" in run("dedupe", path, "-o", tmp_path / "o.csv", "--judgements", judged)[2]
    judged.write_text("left_source,left_id,right_source,right_id,verdict,by,reason\npadron,2,padron,61,perhaps,A,b\n")
    code, _out, err = run("dedupe", path, "--judgements", judged)
    assert code == 2
    assert "perhaps" in err
    assert run("dedupe", path, "--one-each", "nothing")[0] == 2


def test_sources_are_listed_pulled_from_a_file_and_told(run, tmp_path, monkeypatch):
    monkeypatch.setenv("CONVENIO_SOURCES", str(tmp_path / "kept"))
    assert "ofac_sdn" in run("source", "list")[1]
    assert "ofac_sdn: nothing held" in run("source", "status")[1]
    assert run("finance", "example", tmp_path / "ex", "--customers", "50")[0] == 0
    code, _out, err = run("source", "pull", "ofac_sdn", "--from", tmp_path / "ex" / "list" / "sdn_2021-10-06.csv")
    assert code == 2
    assert "rows, at least" in err
    assert "ofac_sdn: nothing held" in run("source", "status")[1]


def test_a_source_is_pulled_and_its_state_told(run, tmp_path, monkeypatch):
    declared = Source(
        name="list", publisher="Nobody", title=Text(en="A list", es="Una lista"), licence="made up",
        address="https://example.org/list.csv", assertions=Assertions(columns=2),
    )  # fmt: skip
    monkeypatch.setattr("convenio.files.sources.declaration.sources", lambda: {"list": declared})
    (tmp_path / "list.csv").write_text("id,name\n1,x\n")
    folder = ["--folder", tmp_path / "kept"]
    code, out, err = run("source", "pull", "--from", tmp_path / "list.csv", *folder)
    assert code == 0, err
    assert "list: new, 12 bytes" in out
    assert "list: unchanged" in run("source", "pull", "list", "--from", tmp_path / "list.csv", *folder)[1]
    told = json.loads(run("source", "status", "--json", "-", *folder)[1])
    assert told[0]["held"]["rows"] == 1
    assert told[0]["damaged"] == []
    assert run("source", "pull", "nothing")[0] == 2


@pytest.mark.filterwarnings("ignore")
def test_a_nasty_file_of_people_comes_through_the_three_commands_in_either_language(run, tmp_path):
    pytest.importorskip("splink")
    path = tmp_path / "lista.csv"
    path.write_bytes(
        "clave,Nombre completo,Fecha de nacimiento,CURP\r\n"
        "1,María Peña Ibáñez,03/04/1985,NUOG850403MDFXXX09\r\n"
        "2,José Muñoz Gil,31/02/1990,\r\n"
        "1,María Peña Ibáñez,03/04/1985,\r\n"
        "3,Ana Gil Soto,28/02/1990,\r\n".encode("latin-1")
    )
    code, out, err = run("check", path, "--as", "person", "--save")
    assert code == 0, err
    assert "row 4, column clave: the record 1 stands in row 2 already" in err
    assert "31/02/1990: that day does not exist" in err
    assert "curp: 1 value is no identifier" in err
    told = json.loads(run("check", path, "--as", "person", "--json", "-")[1])
    assert (told["rows"], told["set_aside"], told["no_identifiers"]) == (2, 2, {"curp": 1})
    assert told["filled"]["curp"] == 1
    code, out, err = run("--lang", "es", "dedupe", path, "--json", "-", "--set-aside", tmp_path / "aside.csv")
    assert code == 0, err
    assert json.loads(out)["people"] == 2
    assert "el registro 1 ya está en la fila 2" in (tmp_path / "aside.csv").read_text(encoding="utf-8-sig")
    assert run("--lang", "es", "report", path, "-o", tmp_path / "r.html")[0] == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Columnas de lista.csv" in page
    assert "el dígito verificador" in page


@pytest.mark.filterwarnings("ignore")
def test_who_judges_a_doubtful_pair_sees_what_both_records_say_and_hands_it_back(run, tmp_path):
    pytest.importorskip("splink")
    path, doubts, page = tmp_path / "lista.csv", tmp_path / "doubts.csv", tmp_path / "r.html"
    rows = ("folio,nombre completo,nacimiento", "a7,=Juan Pérez Garza,1984-04-03", "b8,Juan Pérez García,1984-04-03")
    path.write_text("\n".join(rows), encoding="utf-8")
    said = ["--map", "birth_date=nacimiento"]
    assert run("dedupe", path, *said, "-o", tmp_path / "o.csv", "--doubts", doubts)[0] == 0
    with doubts.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    seen = sorted(row[each].strip("'=") for each in ("left_shown", "right_shown"))
    assert seen == ["Juan Pérez García · 1984-04-03", "Juan Pérez Garza · 1984-04-03"]
    assert not row["left_shown"].startswith("=")
    assert "a surname differs" in row["why"]
    assert run("--lang", "es", "report", path, *said, "-o", page)[0] == 0
    told = page.read_text(encoding="utf-8")
    assert "lo que dice el otro" in told
    assert "left_source" not in told
    row |= {"verdict": "same", "by": "Ana", "reason": "the same telephone"}
    with doubts.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)
    assert (
        "2 records, 1 person, 0 pairs"
        in run("dedupe", path, *said, "-o", tmp_path / "o.csv", "--judgements", doubts)[2]
    )


def test_one_record_is_told_as_one_and_none_as_many(tmp_path, run):
    path = tmp_path / "one.csv"
    path.write_text("name,birth_date\nMaría López Díaz,1980-01-01\n")
    told = run("dedupe", path, "-o", tmp_path / "o.csv")[2]
    assert "1 record, 1 person, 0 pairs for a person to judge" in told
