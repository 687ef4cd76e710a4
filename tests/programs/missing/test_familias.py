"""A Familias project says the same as separate files."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from convenio.core.errors import InputError
from convenio.programs.missing.commands import app
from convenio.programs.missing.example import files
from convenio.programs.missing.formats.familias import read_project
from convenio.programs.missing.formats.frequencies import read_frequencies
from convenio.programs.missing.formats.genotypes import read_genotypes
from convenio.programs.missing.formats.pedigrees import read_pedigrees


def person(level, number, name, sex, profile):
    brackets = "[" * level, "]" * level
    lines = [f"{brackets[0]}Person {number}{brackets[1]}", f"Name= {name}", f"Gender= {sex}"]
    lines += [f"{brackets[0]}[DNA data]{brackets[1]}", f"nSystems= {len(profile)}"]
    for locus, text in profile.items():
        one, two = text.split("/")
        lines += [f"SystemName= {locus}", f"Allele1= {one}", f"Allele2= {two}"]
    return lines


@pytest.fixture
def project(tmp_path):
    """The made-up family Beltran with all remains, as a project file."""
    for name, text in files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    known = read_frequencies(tmp_path / "frequencies.csv")
    lines = ['"Output from Familias, version 3.4"', '"DO NOT EDIT!"', "3.4 (DVI)", '""', "0", '"Known relations"']
    lines += [
        "0",
        "0",
        "0",
        "0",
        "#FALSE# (#Databases: 1 ;Theta/Kinship/Fst: 0 )",
        str(len(known.loci)),
        "#TRUE#",
        '"x"',
    ]
    for name, locus in known.loci.items():
        n = len(locus.alleles)
        lines += [f'"{name}"', "0.001", "0.001", "0", "0", str(n), "0.1", "0.1", "0.0", "0.0", "#FALSE#", "0"]
        lines.append(f"{n}\t(DatabaseSize = 250 , Dropout probability = 0 , Minor allele frequency = 0 )")
        for allele, value in zip(locus.alleles, locus.freqs, strict=True):
            lines += [f'"{allele}"', repr(value)]
    remains = read_genotypes(tmp_path / "remains.csv")
    lines += ["", "[DVI]", "[[Unidentified persons]]", f"nPersons= {len(remains)}"]
    for i, each in enumerate(remains, 1):
        lines += person(3, i, each.id, each.sex.title(), each.profile)
    lines += ["[[Notes]]", "nFamilies= 1", "[[Reference Families]]", "nFamilies= 1"]
    references = {s.id: s for s in read_genotypes(tmp_path / "references.csv") if s.family == "Arce"}
    lines += ["[[[Family 1 ]]]", "Name= Arce", "[[[[Persons]]]]", "nPersons= 4"]
    lines += person(5, 1, "Mother", "Female", references["Mother"].profile)
    lines += person(5, 2, "Sister", "Female", references["Sister"].profile)
    lines += person(5, 3, "Father", "Male", {})
    lines += person(5, 4, "Missing male 1", "Male", {})
    lines += ["[[[[Pedigrees]]]]", "nPedigrees= 2"]
    for number in (1, 2):
        lines += [f"[[[[[Pedigree {number}]]]]]", "Name= Reference pedigree", "nRelations= 4"]
        for parent in ("Mother", "Father"):
            for child in ("Sister", "Missing person"):
                lines += [f"Parent= {parent}", f"Child= {child}"]
    path = tmp_path / "project.fam"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_project_holds_frequencies_pedigrees_and_genotypes(project):
    found = read_project(project)
    assert (len(found.loci), found.size, len(found.remains), len(found.families)) == (15, 250, 4, 1)
    (section,) = read_pedigrees(project)
    assert section.missing == ("Missing male 1",)
    assert section.pedigree.by_id["Missing male 1"].mother == "Mother"
    assert section.pedigree.by_id["Sister"].father == "Father"
    assert [s.id for s in read_genotypes(project) if s.family] == ["Mother", "Sister"]


def test_a_project_gives_the_posteriors_of_separate_files(project):
    folder = project.parent
    one = CliRunner().invoke(app, ["dvi", *[str(project)] * 3, "-f", str(project), "--json", "-"])
    assert one.exit_code == 0, one.output
    text = (folder / "families.txt").read_text().split("family Beltran")[0]
    (folder / "arce.txt").write_text(text)
    rows = (folder / "references.csv").read_text().splitlines()
    (folder / "arce.csv").write_text("\n".join(r for r in rows if r.startswith(("family", "Arce"))) + "\n")
    names = [str(folder / n) for n in ("arce.txt", "arce.csv", "remains.csv")]
    two = CliRunner().invoke(app, ["dvi", *names, "-f", str(folder / "frequencies.csv"), "--json", "-"])
    left, right = (json.loads(each.output)["pairs"] for each in (one, two))
    assert [(p["remains"], p["posterior"], p["lr"]) for p in left] == [
        (p["remains"], pytest.approx(p["posterior"]), pytest.approx(p["lr"])) for p in right
    ]
    assert left[0]["lr"] > 1e6


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: "something else\n" + t, "no Familias project"),
        (lambda t: t.replace("#FALSE#\n0\n", "#TRUE#\n0.01\n", 1), "silent"),
        (lambda t: t.replace('"8"\n', '"8"\nx', 1), "breaks off"),
        (lambda t: "\n".join(t.splitlines()[:14]), "no loci"),
    ],
)
def test_a_project_that_cannot_be_read_is_refused(project, change, said):
    project.write_text(change(project.read_text()))
    with pytest.raises(InputError, match=said):
        read_project(project)


def test_two_mothers_in_a_project_are_refused(project):
    text = project.read_text().replace("Gender= Male\n[[[[[[DNA data]]]]]]", "Gender= Female\n[[[[[[DNA data]]]]]]", 1)
    project.write_text(text)
    with pytest.raises(InputError, match="two parents of one sex"):
        read_pedigrees(project)
