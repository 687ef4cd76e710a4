"""From files to what the methods take: a question asked on paper, put together and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.missing.formats.frequencies import read_frequencies
from convenio.programs.missing.formats.genotypes import Sample, read_genotypes
from convenio.programs.missing.formats.pedigrees import Section, read_pedigrees
from convenio.programs.missing.methods.locus import Population
from convenio.programs.missing.methods.mutation import Mutation, SexMutation
from convenio.programs.missing.methods.pedigree import Pedigree
from convenio.programs.missing.methods.remains import Family, Remains


@dataclass
class Question:
    """What was asked.

    Args:
        population: frequencies.
        files: every file that was read.
        notes: what was met while reading.
    """

    population: Population
    files: list[Path]
    notes: list[Message] = field(default_factory=list)

    @property
    def mutation(self) -> str:
        """The mutation model of the loci, with its parameters and by sex where they differ."""
        return ", ".join(dict.fromkeys(each.mutation.describe() for each in self.population.loci.values()))

    def floor(self, unlisted: float | None) -> str:
        """The frequency given to alleles that are not in the table."""
        return f"{self.population.minimum if unlisted is None else unlisted:.4g}"


def mutation_of(text: str, female: str | None = None) -> SexMutation:
    """A mutation model as it is typed: `none`, `equal:0.002`, `proportional:0.002`, `stepwise:0.002,1e-6,0.1`.

    Args:
        text: for both sexes, or for fathers where `female` is given.
        female: for mothers.

    Raises:
        InputError: it cannot be read.
    """
    return SexMutation(_one(text), _one(female) if female else _one(text))


def _one(text: str) -> Mutation:
    model, _colon, numbers = text.partition(":")
    try:
        values = [float(each) for each in numbers.split(",")] if numbers else []
        if model == "custom" or len(values) > (3 if model == "stepwise" else 1) or (not values and model != "none"):
            raise ValueError(text)
    except ValueError:
        raise InputError(
            _("{text} is no mutation model", text=text),
            advice=_("write none, equal:0.002, proportional:0.002 or stepwise:0.002,1e-6,0.1 (rate, rate2, range)"),
        ) from None
    return Mutation(model, *values)  # type: ignore[arg-type]


def population_of(
    path: Path,
    *,
    name: str | None,
    mutation: str,
    mutation_female: str | None = None,
    silent: float = 0.0,
    stand_in: bool = False,
) -> Question:
    """The population, with the file noted."""
    models = mutation_of(mutation, mutation_female)
    return Question(read_frequencies(path, population=name, mutation=models, silent=silent, stand_in=stand_in), [path])


def hypotheses_of(path: Path, question: Question) -> dict[str, Pedigree]:
    """Hypotheses by name."""
    question.files.append(path)
    return {each.name: each.pedigree for each in read_pedigrees(path)}


def profiles_of(path: Path, question: Question) -> dict[str, Sample]:
    """Samples by id.

    Raises:
        InputError: an id stands twice.
    """
    question.files.append(path)
    found: dict[str, Sample] = {}
    for each in read_genotypes(path, question.notes):
        if each.id in found:
            raise InputError(_("sample {id} stands twice", id=each.id), where=path.name, kept=_("nothing was read"))
        found[each.id] = each
    return found


def same_sex(hypotheses: Mapping[str, Pedigree], samples: Mapping[str, Sample]) -> None:
    """Check that everyone has the sex of their sample, and one sex in all hypotheses.

    Raises:
        InputError: somebody has not.
    """
    for id_, sample in samples.items():
        told = {sample.sex: _("the sample's file")} if sample.sex != "unknown" else {}
        for name, pedigree in hypotheses.items():
            person = pedigree.by_id.get(id_)
            if person is None or person.sex == "unknown":
                continue
            told.setdefault(person.sex, _("hypothesis {name}", name=name))
        if len(told) > 1:
            raise InputError(
                _("{id} has two sexes", id=id_),
                where=", ".join(f"{place}: {_sex_in_words(sex)}" for sex, place in told.items()),
                advice=_("check whether samples were exchanged"),
            )


def _sex_in_words(sex: str) -> Message:
    return _("female") if sex == "female" else _("male")


def remains_of(path: Path, question: Question) -> list[Remains]:
    """Remains of a genotype file; rows that bear a family's name are relatives, not remains."""
    question.files.append(path)
    found = [each for each in read_genotypes(path, question.notes) if not each.family]
    for each in found:
        if [other.id for other in found].count(each.id) > 1:
            raise InputError(_("sample {id} stands twice", id=each.id), where=path.name, kept=_("nothing was read"))
    return [Remains(each.id, each.profile, each.sex) for each in found]


def families_of(pedigrees: Path, references: Path | None, question: Question) -> list[Family]:
    """Families with their references' genotypes.

    Raises:
        InputError: a reference is in no family or in several, or a family has nobody missing.
    """
    question.files.append(pedigrees)
    sections = read_pedigrees(pedigrees)
    held: dict[str, dict[str, Mapping[str, str]]] = {each.name: {} for each in sections}
    if references is not None:
        question.files.append(references)
        project = references.suffix.lower() == ".fam"
        for sample in read_genotypes(references, question.notes):
            if project and not sample.family:
                continue
            section = _family_of(sample, sections, references)
            known = section.pedigree.by_id[sample.id].sex
            if "unknown" not in (sample.sex, known) and sample.sex != known:
                raise InputError(
                    _("{id} is of the other sex in the pedigree", id=sample.id),
                    where=f"{references.name}, {section.name}",
                    advice=_("check whether samples were exchanged"),
                )
            held[section.name][sample.id] = sample.profile
    return [Family(each.name, each.pedigree, held[each.name], each.missing) for each in sections]


def _family_of(sample: Sample, sections: list[Section], path: Path) -> Section:
    fitting = [s for s in sections if sample.id in s.pedigree.by_id and sample.family in ("", s.name)]
    if len(fitting) != 1:
        what = (
            _("{id} is in no family", id=sample.id) if not fitting else _("{id} is in several families", id=sample.id)
        )
        raise InputError(
            what, where=path.name, advice=_("add a column `family`, and use the pedigree's ids for the references")
        )
    return fitting[0]
