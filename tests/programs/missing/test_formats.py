"""Files of laboratories: the same content whatever the form, and an error that says where for what cannot be."""

from __future__ import annotations

import json

import pytest

from convenio.core.errors import InputError
from convenio.core.words import speaking
from convenio.programs.missing.formats.cmf import read_cmf, write_cmf
from convenio.programs.missing.formats.frequencies import read_frequencies
from convenio.programs.missing.formats.genotypes import read_genotypes
from convenio.programs.missing.formats.pedigrees import read_pedigrees, write_pedigree

WIDE = "Allele,TH01,vWA\n6,0.4,\n9.3,0.6,\n16,,0.3\n17.0,,0.7\nN,236,234\n"
LONG = "locus;allele;frequency\nTH01;6;0,4\nTH01;9.3;0,6\nvWA;16;0,3\nvWA;17;0,7\n"
FAMILIAS = "TH01\n6\t0.4\n9.3\t0.6\n\nvWA\n16\t0.3\n17\t0.7\n"
JSON = json.dumps(
    {
        "Hispanic": {
            "N": {"TH01": 472, "vWA": 468},
            "loci": {"TH01": {"6": 0.4, "9.3": 0.6}, "vWA": {"16": 0.3, "17": 0.7}},
        }
    }
)


def written(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text"), [("wide.csv", WIDE), ("long.csv", LONG), ("freq.txt", FAMILIAS), ("freq.json", JSON)]
)
def test_a_frequency_table_says_the_same_in_every_form(tmp_path, name, text):
    found = read_frequencies(written(tmp_path, name, text))
    held = {n: dict(zip(each.alleles, each.freqs, strict=True)) for n, each in found.loci.items()}
    assert held == {"TH01": {"6": 0.4, "9.3": 0.6}, "vWA": {"16": 0.3, "17": 0.7}}


def test_the_sample_size_gives_the_floor_of_unseen_alleles(tmp_path):
    assert read_frequencies(written(tmp_path, "w.csv", WIDE)).minimum == pytest.approx(5 / 468)
    assert read_frequencies(written(tmp_path, "f.json", JSON)).size == 234


@pytest.mark.parametrize("name", ["nist1036_freqs.json", "fbi2015_freqs.json", "norwegian_freqs.json"])
def test_published_tables_are_read(data, name):
    path = data / "missing" / "frequencies" / name
    names = [None] if name.startswith("norw") else list(json.loads(path.read_text()))
    for population in names:
        assert len(read_frequencies(path, population=population).loci) >= 20


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Allele,TH01\n6,0.6\n9.3,0.6\n", "add to 1.2"),
        ("Allele,TH01\n6,0.4\n6,0.6\n", "stands twice"),
        ("Allele,TH01\n6,much\n", "much is no number"),
        ("Allele,TH01\n6,1.4\n9,-0.4\n", "frequency"),
        ("one,two\n1,2\n", "no table of allele frequencies"),
        ("", "empty"),
    ],
)
def test_a_frequency_table_that_cannot_be_is_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read_frequencies(written(tmp_path, "f.csv", text))


def test_one_of_several_populations_must_be_named(tmp_path):
    text = "population,locus,allele,frequency\nA,L,1,1\nB,L,2,1\n"
    path = written(tmp_path, "f.csv", text)
    with pytest.raises(InputError, match="must be named"):
        read_frequencies(path)
    assert read_frequencies(path, population="B").loci["L"].alleles == ("2",)


GENOTYPES = {
    "wide.csv": "Sample,Sex,TH01_1,TH01_2,vWA_1,vWA_2\nP1,M,9.3,6,16,16\nP2,F,6,6,,\n",
    "short.csv": "sample,sex,TH01,vWA\nP1,M,6/9.3,16\nP2,F,6/6,\n",
    "genemapper.txt": (
        "Sample Name\tMarker\tAllele 1\tAllele 2\tAllele 3\n"
        "P1\tAMEL\tX\tY\t\nP1\tTH01\t6\t9.3\t\nP1\tvWA\t16\t16\t\nP2\tAMEL\tX\t\t\nP2\tTH01\t6\t6\t\n"
    ),
}


@pytest.mark.parametrize("name", list(GENOTYPES))
def test_genotypes_say_the_same_in_every_form(tmp_path, name):
    one, two = read_genotypes(written(tmp_path, name, GENOTYPES[name]))
    assert (one.id, one.sex, two.sex) == ("P1", "male", "female")
    assert set(one.profile["TH01"].split("/")) == {"6", "9.3"}
    assert set(one.profile["vWA"].split("/")) == {"16"}
    assert set(two.profile) == {"TH01"}


def test_a_codis_file_is_read_as_it_was_written(tmp_path):
    profiles = [("UHR-1", "Unidentified Person", {"TH01": "6/9.3", "vWA": "16/16"})]
    data = write_cmf(profiles, source="MX0001", destination="US0001", when="2026-01-02T03:04:05")
    path = tmp_path / "one.xml"
    path.write_bytes(data)
    (found,) = read_cmf(path)
    assert (found.id, found.category, found.profile) == profiles[0]
    assert read_genotypes(path)[0].profile == found.profile


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("<a><b></a>", "no XML"),
        ("<Other/>", "no CODIS file"),
        ("<CODISImportFile/>", "no specimen"),
        ("<CODISImportFile><SPECIMEN/></CODISImportFile>", "no id"),
        (
            "<CODISImportFile><SPECIMEN><SPECIMENID>A</SPECIMENID><LOCUS><LOCUSNAME>L</LOCUSNAME>"
            + "<ALLELE><ALLELEVALUE>1</ALLELEVALUE></ALLELE>" * 3
            + "</LOCUS></SPECIMEN></CODISImportFile>",
            "three alleles|3 alleles|three",
        ),
        (
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><CODISImportFile>&x;</CODISImportFile>',
            "document type",
        ),
    ],
)
def test_a_codis_file_that_cannot_be_is_refused(tmp_path, xml, said):
    with pytest.raises(InputError, match=said):
        read_cmf(written(tmp_path, "x.xml", xml))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Sample,TH01\nP1,6/7/8\n", "three alleles"),
        ("Sample Name,Marker,Allele 1,Allele 2\nP1,TH01,6,7\nP1,TH01,6,8\nP1,TH01,6,9\n", "typed 3 times, differently"),
        ("Sample Name,Marker,Allele 1,Allele 2,Allele 3\nP1,TH01,6,7,8\n", "three alleles"),
        ("Sample,TH01\nP1,6/7\nP1,6/7\n", "stands twice"),
        ("Sample,Sex,AMEL,TH01\nP1,F,X/Y,6/7\n", "amelogenin"),
        ("Sample,Sex,TH01\nP1,7,6/7\n", "no sex"),
        ("Name of it,TH01\nP1,6/7\n", "column sample is missing"),
        ("Sample,TH01\n,6/7\n", "no sample"),
    ],
)
def test_genotypes_that_cannot_be_are_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read_genotypes(written(tmp_path, "g.csv", text))


def test_a_locus_typed_twice_alike_is_said(tmp_path):
    notes = []
    text = "Sample Name,Marker,Allele 1,Allele 2\nP1,TH01,6,7\nP1,TH01,7,6\n"
    assert read_genotypes(written(tmp_path, "g.csv", text), notes)[0].profile == {"TH01": "6/7"}
    assert any("typed 2 times" in str(note) for note in notes)


READABLE = """
# a made-up family
family Robles
Luis   male
Ana    female
Pedro  male    child of Luis and Ana  missing
Inés   female  inbreeding 0.0625

familia Soto
Luis   hombre
Eva    mujer   hija de Luis y -  desaparecida
"""


def test_a_readable_pedigree_is_read_in_both_languages_and_written_again(tmp_path):
    one, two = read_pedigrees(written(tmp_path, "p.txt", READABLE))
    assert one.missing == ("Pedro",)
    assert one.pedigree.by_id["Pedro"].mother == "Ana"
    assert one.pedigree.by_id["Inés"].inbreeding == 0.0625
    assert two.pedigree.by_id["Eva"].father == "Luis"
    assert two.pedigree.by_id["Eva"].mother is None
    assert read_pedigrees(written(tmp_path, "again.txt", write_pedigree(one))) == [one]
    with speaking("es"):
        text = write_pedigree(two)
    assert "hija de Luis y -  desaparecida" in text
    assert read_pedigrees(written(tmp_path, "es.txt", text)) == [two]


def test_linkage_files_and_tables_say_the_same(tmp_path):
    ped = "F 1 0 0 1\nF 2 0 0 2\nF 3 1 2 2\n"
    csv = "family,id,father,mother,sex,missing\nF,1,,,1,\nF,2,,,2,\nF,3,1,2,2,x\n"
    (one,) = read_pedigrees(written(tmp_path, "a.ped", ped))
    (two,) = read_pedigrees(written(tmp_path, "a.csv", csv))
    assert one.pedigree == two.pedigree
    assert two.missing == ("3",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A male child of B and C\nB male child of A and C\nC female\n", "own ancestor"),
        ("A female\nB male\nC male child of A and B\n", "swapped"),
        ("A male\nB female\nD female\nC male child of A and B\nC male child of A and D\n", "stands twice"),
        ("A male\nC male child of A and B\n", "not in the pedigree"),
        ("A unknown\nC male child of A and A\n", "both parents"),
        ("A male inbreeding 1.5\n", "inbreeding"),
        ("A person of some sort\n", "no person"),
        ("", "empty"),
    ],
)
def test_a_pedigree_that_cannot_be_is_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read_pedigrees(written(tmp_path, "p.txt", text))
