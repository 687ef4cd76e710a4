"""The program's part of the story: remains found on one side, families who wait on the other; nobody is real."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from convenio.people.accounts import Person
from convenio.programs.missing.example import found, population, waiting
from convenio.programs.missing.finding import as_finding
from convenio.programs.missing.methods.likelihood import Model
from convenio.programs.missing.methods.mutation import Mutation
from convenio.programs.missing.methods.screen import screen
from convenio.programs.missing.sharing import WORTH_WHILE, answer
from convenio.work.queue import Queue

MUTATION = Mutation("proportional", 0.001)
THETA = 0.01
NOTE = "The joint comparison and the odontological record agree"


@dataclass(frozen=True)
class Told:
    """What came of it.

    Args:
        answers: what the holder of the remains is told, by remains: whether a joint comparison is worth while, and the
            case where it is; no ratio, no locus, no name.
        raised: candidates that now stand in the holder's queue.
        decided: how many of them its analyst has looked at and verified.
    """

    answers: dict[str, dict[str, str | bool]]
    raised: int
    decided: int


def compare_remains(queue: Queue, person: Person) -> Told:
    """Hold another side's remains against the families of this one, and let an analyst decide on each candidate.

    Genotypes of families are read here and leave this function in no form. What the other side is told of each set of
    remains is `sharing.answer`.

    Args:
        queue: the findings queue of the node that holds the families.
        person: an analyst of its agency.

    Returns:
        The answers, and how many candidates were raised and decided.
    """
    known, remains, families = population().with_mutation(MUTATION), found(), waiting()
    searched = screen(
        {each.id: each.profile for each in remains},
        families,
        known,
        threshold=WORTH_WHILE,
        model=Model(theta=THETA),
        sexes={each.id: each.sex for each in remains},
    )
    model = f"{MUTATION.describe()}, pedprobr, theta {THETA:g}"
    key = secrets.token_bytes(32)
    findings = [as_finding(hit, searched, model=model, key=key, originator=person.agency) for hit in searched.hits]
    raised = queue.add(findings, agency=person.agency, by=person.name, ranks=[hit.log10_lr for hit in searched.hits])
    versions = {row["id"]: row["version"] for row in queue.all(person)}
    for finding in findings:
        queue.verify(person, finding.id, versions[finding.id], NOTE)
    best: dict[str, float] = {}
    for hit in searched.hits:
        best[hit.candidate] = max(hit.log10_lr, best.get(hit.candidate, hit.log10_lr))
    answers: dict[str, dict[str, str | bool]] = {}
    asked: list[dict[str, str]] = []
    for number, each in enumerate(remains, start=1):
        profile = {locus: str(seen) for locus, seen in each.profile.items()}
        answers[each.id] = answer(best.get(each.id, float("-inf")), profile, asked, f"M-{number:04d}")
        asked.append(profile)
    return Told(answers, raised, len(findings))
