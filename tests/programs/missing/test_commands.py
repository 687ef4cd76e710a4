"""The commands on the made-up example: what they print, what they write, what they refuse."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from convenio.core.errors import InputError
from convenio.core.program import discover, program
from convenio.core.words import speaking
from convenio.programs.missing.commands import app
from convenio.programs.missing.drawing import draw, generations
from convenio.programs.missing.example import FOUND, families, files
from convenio.programs.missing.formats.frequencies import read_frequencies
from convenio.programs.missing.formats.genotypes import read_genotypes
from convenio.programs.missing.formats.pedigrees import read_pedigrees
from convenio.programs.missing.methods import Pedigree, Person, kinship_lr, singleton
from convenio.programs.missing.schema import FrequencyRow, GenotypeRow, PedigreeRow, ProfileRow

FAMILIES = ("families.txt", "references.csv", "remains.csv")


@pytest.fixture
def example(tmp_path):
    discover()
    for name, text in files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def called(folder, command, *names, **options):
    arguments = [command, *[str(folder / n) for n in names], "-f", str(folder / "frequencies.csv")]
    for option, value in options.items():
        arguments += [f"--{option.replace('_', '-')}", str(value)]
    return CliRunner().invoke(app, arguments)


def test_the_kinship_report_holds_what_is_needed_to_repeat_it(example):
    done = called(example, "kinship", "hypotheses.txt", "pair.csv", mutation="stepwise:0.002,1e-6,0.1", theta=0.01)
    assert done.exit_code == 0, done.output
    for wanted in (
        "LR(siblings : unrelated)",
        "B       male     child of Father and Mother",
        "stepwise rate=0.002",
        "pedprobr",
        "theta: 0.01",
        "250 persons",
        "| M15",
        "| total",
        "support",
        "hypotheses.txt",
        "SHA-256",
        "Convenio",
    ):
        assert wanted in done.output


def test_the_figures_are_the_same_in_report_and_json(example):
    done = called(example, "kinship", "hypotheses.txt", "pair.csv", json="-", report=example / "report.md")
    figures = json.loads(done.output)
    total = figures["total"]["siblings"]
    product = 1.0
    for each in figures["loci"]:
        product *= each["lr"]["siblings"]
    assert total["lr"] == pytest.approx(product)
    assert f"{total['lr']:.6g}" in (example / "report.md").read_text(encoding="utf-8")
    assert total["in_words"]["es"] != total["in_words"]["en"]


def test_the_engine_matters_where_an_untyped_founder_can_mutate(example):
    (example / "hypotheses.txt").write_text(
        "hypothesis child\nA female\nX male\nB male child of X and A\nhypothesis apart\nA female\nB male\n"
    )
    found = {}
    for engine in ("pedprobr", "familias"):
        done = called(example, "kinship", "hypotheses.txt", "pair.csv", json="-", mutation="equal:0.01", engine=engine)
        found[engine] = json.loads(done.output)["total"]["child"]["lr"]
    assert found["pedprobr"] != pytest.approx(found["familias"], rel=1e-6)


def test_dropout_is_per_person(example):
    done = called(example, "kinship", "hypotheses.txt", "pair.csv", json="-", dropout="B=0.3")
    plain = called(example, "kinship", "hypotheses.txt", "pair.csv", json="-")
    assert json.loads(done.output)["total"]["siblings"]["lr"] != json.loads(plain.output)["total"]["siblings"]["lr"]
    assert called(example, "kinship", "hypotheses.txt", "pair.csv", dropout="B").exit_code == 2


def test_the_search_finds_the_two_who_are_there(example):
    done = called(example, "screen", *FAMILIES, json="-")
    hits = json.loads(done.output)["hits"]
    assert {(h["family"], h["missing"]) for h in hits} == set(FOUND.items())


def test_a_search_takes_theta_and_each_samples_drop_out(example):
    options = ["--theta", "0.02", "--dropout", "0.05", "--dropout", "R-1=0.2", "--dropin", "0.01"]
    files_ = [str(example / n) for n in FAMILIES]
    done = CliRunner().invoke(app, ["screen", *files_, "-f", str(example / "frequencies.csv"), *options, "--json", "-"])
    hit = next(h for h in json.loads(done.output)["hits"] if h["candidate"] == "R-1")
    assert hit["missing"] == "Missing-1"
    people = {each.id: each for each in read_genotypes(example / "references.csv") if each.family == "Arce"}
    people["R-1"] = next(each for each in read_genotypes(example / "remains.csv") if each.id == "R-1")
    arce = next(each.pedigree for each in read_pedigrees(example / "families.txt") if each.name == "Arce")
    exact = kinship_lr(
        {"same": arce.renamed({"Missing-1": "R-1"}), "apart": [arce, singleton("R-1", "male")]},
        {id_: each.profile for id_, each in people.items()},
        read_frequencies(example / "frequencies.csv"),
        theta=0.02,
        dropout={"R-1": 0.2},
        dropin=0.01,
    )
    assert hit["log10_lr"] == pytest.approx(exact.log10("same"), abs=1e-9)


@pytest.mark.parametrize(("spoken", "word"), [("en", "Pedigrees"), ("es", "Genealogías")])
def test_a_report_is_a_page_with_the_pedigrees_drawn_and_nothing_from_elsewhere(example, spoken, word):
    (example / "families.txt").write_text(
        (example / "families.txt").read_text().replace("Sister", "<b>Sis|ter</b>"), encoding="utf-8"
    )
    (example / "references.csv").write_text(
        (example / "references.csv").read_text().replace("Sister", "<b>Sis|ter</b>"), encoding="utf-8"
    )
    with speaking(spoken):
        done = called(example, "dvi", *FAMILIES, prior="open", report=example / "page.html", json=example / "f.json")
    assert done.exit_code == 0, done.output
    page = (example / "page.html").read_text(encoding="utf-8")
    assert f"<h2>{word}</h2>" in page
    assert page.count("<svg") == 3
    assert "<script" not in page
    assert "<b>Sis" not in page
    assert "&lt;b&gt;Sis|ter&lt;/b&gt;" in page
    assert page.count("http") == page.count("http://www.w3.org/2000/svg")
    figures = json.loads((example / "f.json").read_text(encoding="utf-8"))["repeat"]
    assert figures["parameters"]["prior"] == "open presence=0.5"
    assert all(each["sha256"] in page for each in figures["files"])
    assert len(figures["files"]) == 4


def test_the_kinship_report_states_the_frequencies_and_the_drop_out_that_were_used(example):
    done = called(example, "kinship", "hypotheses.txt", "pair.csv", dropout="B=0.05", dropin=0.01)
    known = read_frequencies(example / "frequencies.csv").loci["M01"]
    assert f"16: {known.freqs[known.index['16']]:.6g}" in done.output
    assert "drop-in: B 0.05; 0.01" in done.output


def test_joint_identification_proposes_and_does_not_identify(example):
    done = called(example, "dvi", *FAMILIES, prior="open", presence=0.2)
    assert done.exit_code == 0, done.output
    assert done.output.count("to be proposed for identification") == 2
    assert "no identification" in done.output
    assert "closed" in done.output
    figures = json.loads(called(example, "dvi", *FAMILIES, json="-").output)
    best = figures["best"][0]["placed"]
    assert {each["missing"] for each in best.values()} == set(FOUND.values())
    assert len(figures["sensitivity"]) == 3


def test_remains_of_one_person_are_put_together_first(example):
    path = example / "remains.csv"
    rows = path.read_text().splitlines()
    path.write_text("\n".join([*rows, rows[1].replace("R-1", "R-9")]) + "\n")
    apart = json.loads(called(example, "dvi", *FAMILIES, json="-").output)
    assert max(p["posterior"] for p in apart["pairs"] if p["missing"] == "Missing-1") == pytest.approx(0.5)
    arguments = ["dvi", *[str(example / n) for n in FAMILIES], "-f", str(example / "frequencies.csv"), "--join"]
    done = CliRunner().invoke(app, [*arguments, "--json", "-"])
    together = json.loads(done.output)
    assert max(p["posterior"] for p in together["pairs"] if p["missing"] == "Missing-1") > 0.99
    assert any("R-1, R-9" in note["en"] for note in together["notes"])


def test_power_with_and_without_genotypes(example):
    one = called(example, "power", "families.txt", family="Arce", sample="Sister", simulations=4, json="-")
    assert json.loads(one.output)["as it is"]["families"] == 4
    two = called(
        example,
        "power",
        "families.txt",
        references=example / "references.csv",
        family="Beltran",
        sample="Mother",
        simulations=3,
    )
    assert "Mother brings most" in two.output


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        ("kinship", {"mutation": "sometimes"}, "no mutation model"),
        ("kinship", {"mutation": "equal"}, "no mutation model"),
        ("kinship", {"theta": 2}, "theta"),
        ("kinship", {"dropout": "C=0.1"}, "C, who was not typed"),
        ("kinship", {"dropin": 0.1}, "drop-in is given without drop-out"),
        ("screen", {"theta": 1}, "theta"),
        ("screen", {"dropout": "0.1%"}, "no drop-out"),
        ("screen", {"dropout": "R-77=0.1"}, "R-77"),
        ("dvi", {"dropout": 1}, "no drop-out"),
        ("screen", {"threshold": 0}, "threshold"),
        ("dvi", {"prior": "hopeful"}, "hopeful is no prior"),
        ("dvi", {"presence": 1}, "presence"),
        ("power", {"family": "Nobody"}, "no family Nobody"),
        ("power", {"family": "Arce"}, "no relative gives a sample"),
    ],
)
def test_options_that_cannot_be_are_refused(example, command, options, said):
    names = {"kinship": ("hypotheses.txt", "pair.csv"), "power": ("families.txt",)}.get(command, FAMILIES)
    done = called(example, command, *names, **options)
    assert done.exit_code == 2
    assert said in done.output


def test_a_reference_of_the_other_sex_is_an_error(example):
    path = example / "references.csv"
    path.write_text(path.read_text().replace("Arce,Mother,female", "Arce,Mother,male"))
    done = called(example, "screen", *FAMILIES)
    assert done.exit_code == 2
    assert "other sex" in done.output


def test_a_sample_of_the_other_sex_than_the_hypothesis_says_is_an_error(example):
    rows = (example / "pair.csv").read_text().splitlines()
    sexes = ["sample,sex", "A,male", "B,male"]
    path = example / "pair.csv"
    path.write_text("\n".join(s + "," + r.partition(",")[2] for s, r in zip(sexes, rows, strict=True)) + "\n")
    done = called(example, "kinship", "hypotheses.txt", "pair.csv")
    assert done.exit_code == 2
    assert "A has two sexes" in done.output
    assert "hypothesis siblings: female" in done.output


def test_a_reference_of_no_family_is_an_error(example):
    path = example / "references.csv"
    path.write_text(path.read_text().replace("Arce,Mother", "Arce,Neighbour"))
    assert "in no family" in called(example, "dvi", *FAMILIES).output


def lines(folder, kind, *more):
    names = [str(folder / f"{name}.csv") for name in ("bones", "kin")]
    return CliRunner().invoke(app, ["lineage", kind, *names, *more])


def test_lines_are_compared_and_counted_from_files(tmp_path):
    (tmp_path / "bones.csv").write_text("sample,DYS391,DYS390\nR-1,10,24\nR-2,11,22\n")
    (tmp_path / "kin.csv").write_text("sample,DYS391,DYS390\nUncle,10,24\n")
    (tmp_path / "known.csv").write_text("sample,DYS391,DYS390\n" + "".join(f"D{i},9,2{i % 7}\n" for i in range(60)))
    found = json.loads(lines(tmp_path, "y", "--database", str(tmp_path / "known.csv"), "--json", "-").output)
    assert [each["conclusion"] for each in found] == ["not excluded", "excluded"]
    assert found[0]["counted"]["size"] == 60
    assert "not multiplied" in lines(tmp_path, "y").output


def test_mitochondrial_sequences_are_compared_from_files(tmp_path):
    (tmp_path / "bones.csv").write_text("sample,variants\nR-1,263G 315.1C 16189C\n")
    (tmp_path / "kin.csv").write_text("sample,variants\nAunt,263G 16189C\nOther,73G 150T\n")
    found = json.loads(lines(tmp_path, "mitochondrial", "--json", "-").output)
    assert [each["conclusion"] for each in found] == ["not excluded", "excluded"]
    assert lines(tmp_path, "z").exit_code == 2


def test_an_example_and_its_drawings_are_written(tmp_path):
    assert CliRunner().invoke(app, ["example", str(tmp_path)]).exit_code == 0
    done = CliRunner().invoke(
        app, ["draw", str(tmp_path / "families.txt"), str(tmp_path), "--references", str(tmp_path / "references.csv")]
    )
    assert done.exit_code == 0
    root = ET.fromstring((tmp_path / "Cano.svg").read_text(encoding="utf-8"))
    shapes = [each.tag.rsplit("}", 1)[1] for each in root.iter()]
    assert shapes.count("rect") == 2
    assert shapes.count("circle") == 3
    texts = [each.text for each in root.iter() if each.tag.endswith("text")]
    assert texts.count("?") == 2
    assert "Missing-4: female, child of Missing-3 and Wife. Missing." in root[1].text


def test_partners_stand_in_one_row_above_their_children():
    for section in families():
        row = generations(section.pedigree)
        for p in section.pedigree.persons:
            if p.father and p.mother:
                assert row[p.father] == row[p.mother] == row[p.id] - 1
        assert draw(section.pedigree).startswith("<svg")


def placed(svg):
    """Persons by name with the middle of their symbol, and the lines."""
    root = ET.fromstring(svg)
    spots = {}
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        label = group[-1]
        spots[label.text] = (float(label.get("x")), float(label.get("y")))
    drawn = [each for each in root.iter() if each.tag.endswith("line")]
    return spots, [tuple(float(each.get(k)) for k in ("x1", "y1", "x2", "y2")) for each in drawn]


def test_a_mating_line_passes_nobody_and_is_double_between_cousins():
    people = [Person("GF", sex="male"), Person("GM", sex="female"), Person("W", sex="female"), Person("H", sex="male")]
    people += [Person("U", "GF", "GM", "male"), Person("A", "GF", "GM", "female")]
    people += [Person("C1", "U", "W", "male"), Person("S1", "U", "W", "female"), Person("C2", "H", "A", "female")]
    people += [Person("K", "C1", "C2", "male"), Person("K2", "C1", "C2", "female")]
    spots, lines_ = placed(draw(Pedigree.of(people)))
    cousins = sorted((spots["C1"][0], spots["C2"][0]))
    beside = [each for each in lines_ if [each[0], each[2]] == pytest.approx(cousins)]
    double = [each for each in beside if abs(each[1] + 33 - spots["C1"][1]) < 5]
    assert len(double) == 2
    assert not any(cousins[0] < x < cousins[1] and y == spots["C1"][1] for x, y in spots.values())
    assert len([each for each in lines_ if {each[0], each[2]} == {spots["GF"][0], spots["GM"][0]}]) == 1


def test_a_mating_line_goes_below_whoever_must_stand_between():
    people = [Person("M", sex="female"), *(Person(f"F{i}", sex="male") for i in (1, 2, 3))]
    people += [Person(f"K{i}", f"F{i}", "M", "male") for i in (1, 2, 3)]
    spots, lines_ = placed(draw(Pedigree.of(people)))
    row = spots["M"][1]
    middle = row - 33
    along = [each for each in lines_ if abs(each[1] - middle) < 3 and abs(each[3] - middle) < 3]
    for x1, _y1, x2, _y2 in along:
        assert not any(min(x1, x2) < x < max(x1, x2) and y == row for x, y in spots.values())


def tables(folder):
    def genotypes(name):
        rows = []
        for sample in read_genotypes(folder / name):
            for locus, text in sample.profile.items():
                one, two = text.split("/")
                rows.append(
                    {
                        "person": sample.id,
                        "family": sample.family or None,
                        "sex": sample.sex,
                        "locus": locus,
                        "allele_1": one,
                        "allele_2": two,
                    }
                )
        return pa.Table.from_pylist(rows, schema=GenotypeRow.arrow_schema())

    pedigrees = [
        {
            "pedigree": section.name,
            "person": p.id,
            "father": p.father,
            "mother": p.mother,
            "sex": p.sex,
            "missing": p.id in section.missing,
        }
        for section in read_pedigrees(folder / "families.txt")
        for p in section.pedigree.persons
    ]
    frequencies = [
        {"locus": name, "allele": a, "frequency": f}
        for name, locus in read_frequencies(folder / "frequencies.csv").loci.items()
        for a, f in zip(locus.alleles, locus.freqs, strict=True)
    ]
    whole = [
        {"person": s.id, "sex": s.sex, "profile": ";".join(f"{locus}={text}" for locus, text in s.profile.items())}
        for s in read_genotypes(folder / "remains.csv")
    ]
    return {
        "profiles": pa.Table.from_pylist(whole, schema=ProfileRow.arrow_schema()),
        "remains": genotypes("remains.csv"),
        "references": genotypes("references.csv"),
        "pedigrees": pa.Table.from_pylist(pedigrees, schema=PedigreeRow.arrow_schema()),
        "frequencies": pa.Table.from_pylist(frequencies, schema=FrequencyRow.arrow_schema()),
    }


def test_the_declared_methods_say_what_the_commands_say(example):
    methods = program("missing").declared_methods()
    given = tables(example)
    screened = methods["screen"].run({**given, "remains": given["profiles"]}, {"threshold": 2.0}).to_pylist()
    hits = json.loads(called(example, "screen", *FAMILIES, json="-").output)["hits"]
    assert {h["candidate"] for h in hits} == {row["candidate"] for row in screened}
    identified = methods["dvi"].run(given).to_pylist()
    pairs = json.loads(called(example, "dvi", *FAMILIES, json="-").output)["pairs"]
    assert [row["posterior"] for row in identified] == pytest.approx([p["posterior"] for p in pairs])
    worth = methods["power"].run({k: given[k] for k in ("pedigrees", "references", "frequencies")}).to_pylist()
    assert {row["missing"] for row in worth} == {"Missing-1", "Missing-2", "Missing-3", "Missing-4"}


def key(row):
    return (row["family"], row["missing"], row["candidate"])


def test_a_search_in_parts_is_the_search_of_the_whole(example):
    search = program("missing").declared_methods()["screen"]
    given = tables(example)
    strange = given["profiles"].to_pylist()
    strange[0]["profile"] = ";".join(["M01=99/12", *strange[0]["profile"].split(";")[1:]])
    chosen = {"threshold": -300.0, "mutation": "equal"}
    others = {k: given[k] for k in ("pedigrees", "references", "frequencies")}
    remains = pa.Table.from_pylist(strange, schema=ProfileRow.arrow_schema())
    whole = {key(row): row["log10_lr"] for row in search.run({**others, "remains": remains}, chosen).to_pylist()}
    parts = {}
    for at in range(remains.num_rows):
        rows = search.run({**others, "remains": remains.slice(at, 1)}, chosen).to_pylist()
        parts |= {key(row): row["log10_lr"] for row in rows}
    assert parts == pytest.approx(whole, abs=1e-9)
    assert len(whole) > 4


@pytest.mark.parametrize("profile", ["M01", "M01=8/9/10"])
def test_a_profile_that_cannot_be_is_refused(example, profile):
    given = tables(example)
    bad = pa.Table.from_pylist([{"person": "R", "sex": None, "profile": profile}], schema=ProfileRow.arrow_schema())
    with pytest.raises(InputError):
        program("missing").declared_methods()["screen"].run({**given, "remains": bad})
