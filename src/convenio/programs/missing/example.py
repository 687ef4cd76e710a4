"""Made-up files to try the commands on: a population that is nobody's, and families that never were."""

from __future__ import annotations

import csv
import io

import numpy as np

from convenio.programs.missing.formats.pedigrees import Section, write_pedigree
from convenio.programs.missing.methods.locus import Locus, Population
from convenio.programs.missing.methods.pedigree import Pedigree, Person, sex_of, singleton
from convenio.programs.missing.methods.remains import Family, Remains
from convenio.programs.missing.methods.simulate import drop_genes

LOCI, ALLELES = 15, 10
Profiles = dict[str, dict[str, str]]
Reference = tuple[str, str, str, dict[str, str]]
Found = tuple[str, str, dict[str, str]]


def population() -> Population:
    """Fifteen loci M01 to M15 with made-up frequencies."""
    rng = np.random.default_rng(2021)
    loci = {}
    for number in range(1, LOCI + 1):
        name = f"M{number:02d}"
        weights = rng.dirichlet(np.full(ALLELES, 2.0))
        shares = np.maximum(np.round(weights, 4), 0.001)
        shares[np.argmax(shares)] += 1 - shares.sum()
        loci[name] = Locus.of(name, {str(8 + a): round(float(v), 6) for a, v in enumerate(shares)})
    return Population("made-up population", loci, size=250)


def families() -> list[Section]:
    """Three made-up families with four missing persons."""

    def parents(*children: Person) -> list[Person]:
        return [Person("Father", sex="male"), Person("Mother", sex="female"), *children]

    one = parents(Person("Missing-1", "Father", "Mother", "male"), Person("Sister", "Father", "Mother", "female"))
    two = parents(
        Person("Missing-2", "Father", "Mother", "female"),
        Person("Brother", "Father", "Mother", "male"),
        Person("Aunt", sex="female"),
    )
    three = [
        Person("Grandmother", sex="female"),
        Person("Grandfather", sex="male"),
        Person("Missing-3", "Grandfather", "Grandmother", "male"),
        Person("Wife", sex="female"),
        Person("Missing-4", "Missing-3", "Wife", "female"),
    ]
    return [
        Section("Arce", Pedigree.of(one, "Arce"), ("Missing-1",)),
        Section("Beltran", Pedigree.of(two, "Beltran"), ("Missing-2",)),
        Section("Cano", Pedigree.of(three, "Cano"), ("Missing-3", "Missing-4")),
    ]


SAMPLED = {"Arce": ("Mother", "Sister"), "Beltran": ("Father", "Brother"), "Cano": ("Grandmother", "Wife")}
FOUND = {"Arce": "Missing-1", "Cano": "Missing-4"}


def waiting() -> list[Family]:
    """The made-up families with their references' genotypes, as the methods take them."""
    references, _remains = _people(population(), np.random.default_rng(7))
    return [
        Family(
            each.name,
            each.pedigree,
            {id_: profile for family, id_, _sex, profile in references if family == each.name},
            each.missing,
        )
        for each in families()
    ]


def found() -> list[Remains]:
    """The made-up remains: two of them are among the missing, two are strangers."""
    _references, remains = _people(population(), np.random.default_rng(7))
    return [Remains(id_, profile, sex_of(sex)) for id_, sex, profile in remains]


def _people(known: Population, rng: np.random.Generator) -> tuple[list[Reference], list[Found]]:
    references: list[Reference] = []
    remains: list[Found] = []
    for section in families():
        people = _profiles(section.pedigree, known, rng)
        references += [(section.name, i, section.pedigree.by_id[i].sex, people[i]) for i in SAMPLED[section.name]]
        if section.name in FOUND:
            person = FOUND[section.name]
            remains.append((f"R-{len(remains) + 1}", section.pedigree.by_id[person].sex, people[person]))
    for _other in range(2):
        stranger = _profiles(singleton("stranger", "male"), known, rng)["stranger"]
        remains.append((f"R-{len(remains) + 1}", "male", stranger))
    return references, remains


def files() -> dict[str, str]:
    """The example's files by name."""
    known = population()
    rng = np.random.default_rng(7)
    references, remains = _people(known, rng)
    siblings = Pedigree.of(
        [
            Person("Father", sex="male"),
            Person("Mother", sex="female"),
            Person("A", "Father", "Mother", "female"),
            Person("B", "Father", "Mother", "male"),
        ],
        "siblings",
    )
    pair = {id_: profile for id_, profile in _profiles(siblings, known, rng).items() if id_ in ("A", "B")}
    apart = Pedigree.of([Person("A", sex="female"), Person("B", sex="male")], "unrelated")
    hypotheses = [Section("siblings", siblings), Section("unrelated", apart)]
    names = list(known.loci)
    return {
        "frequencies.csv": _frequencies(known),
        "hypotheses.txt": "\n".join(write_pedigree(each, kind="hypothesis") for each in hypotheses),
        "pair.csv": _table(["sample"], [[id_] for id_ in pair], list(pair.values()), names),
        "families.txt": "\n".join(write_pedigree(each) for each in families()),
        "references.csv": _table(
            ["family", "sample", "sex"], [[f, i, s] for f, i, s, _p in references], [p for *_x, p in references], names
        ),
        "remains.csv": _table(["sample", "sex"], [[i, s] for i, s, _p in remains], [p for *_x, p in remains], names),
    }


def _profiles(pedigree: Pedigree, known: Population, rng: np.random.Generator) -> Profiles:
    found: Profiles = {p.id: {} for p in pedigree.persons}
    for name, locus in known.loci.items():
        for id_, alleles in drop_genes(pedigree, locus, 1, rng).items():
            found[id_][name] = "/".join(locus.alleles[a] for a in sorted(alleles[0].tolist()))
    return found


def _frequencies(known: Population) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Allele", *known.loci])
    for allele in range(ALLELES):
        writer.writerow([str(8 + allele), *[f"{locus.freqs[allele]:.6g}" for locus in known.loci.values()]])
    writer.writerow(["N", *[known.size] * len(known.loci)])
    return out.getvalue()


def _table(headings: list[str], keys: list[list[str]], profiles: list[dict[str, str]], loci: list[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*headings, *loci])
    for key, profile in zip(keys, profiles, strict=True):
        writer.writerow([*key, *[profile[name] for name in loci]])
    return out.getvalue()
