"""Pedigrees: who descends from whom, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from convenio.core.errors import InputError
from convenio.core.words import _

Sex = Literal["male", "female", "unknown"]
SEXES: dict[str, Sex] = {
    **dict.fromkeys(("1", "m", "male", "h", "hombre", "masculino"), "male"),
    **dict.fromkeys(("2", "f", "female", "mujer", "femenino"), "female"),
    **dict.fromkeys(("0", "u", "unknown", "desconocido", "", "none", "na", "?"), "unknown"),
}


def sex_of(value: object) -> Sex:
    """The sex that a file's code stands for: 1/2/0, M/F, male/female, hombre/mujer.

    Raises:
        InputError: the code is none of these.
    """
    try:
        return SEXES[str(value).strip().lower()]
    except KeyError:
        raise InputError(
            _("{value} is no sex", value=str(value)), advice=_("write 1 or M, 2 or F, 0 where it is unknown")
        ) from None


@dataclass(frozen=True)
class Person:
    """One member of a pedigree.

    Args:
        id: name or number, unique in the pedigree.
        father: id of the father; None for a founder or where he is unknown.
        mother: id of the mother; None likewise.
        sex: as recorded.
        inbreeding: coefficient of inbreeding of a founder, 0 to 1.
    """

    id: str
    father: str | None = None
    mother: str | None = None
    sex: Sex = "unknown"
    inbreeding: float = 0.0

    @property
    def founder(self) -> bool:
        """Whether neither parent is in the pedigree."""
        return self.father is None and self.mother is None


@dataclass(frozen=True)
class Pedigree:
    """Persons and their parents; `Pedigree.of` checks what a pedigree must keep to.

    Args:
        persons: in any order.
        name: as reports call it.
    """

    persons: tuple[Person, ...]
    name: str = ""

    @classmethod
    def of(cls, persons: Iterable[Person], name: str = "") -> Pedigree:
        """A checked pedigree.

        Raises:
            InputError: an id stands twice, a parent is missing, a father is female or a mother male, one person is
                both parents, someone is their own ancestor, or an inbreeding coefficient is impossible.
        """
        listed = tuple(persons)
        known: dict[str, Person] = {}
        for each in listed:
            if each.id in known:
                raise InputError(
                    _("{id} stands twice in the pedigree", id=each.id),
                    where=name or None,
                    advice=_("a person has one line; two lines with two mothers contradict each other"),
                )
            known[each.id] = each
        for each in listed:
            _check_parents(each, known, name)
        for each in listed:
            _check_descent(each, known, name)
        return cls(listed, name)

    @cached_property
    def by_id(self) -> Mapping[str, Person]:
        """The persons by id."""
        return {each.id: each for each in self.persons}

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of each person's children."""
        found: dict[str, list[str]] = {each.id: [] for each in self.persons}
        for each in self.persons:
            for parent in (each.father, each.mother):
                if parent is not None:
                    found[parent].append(each.id)
        return {id_: tuple(children) for id_, children in found.items()}

    @cached_property
    def ordered(self) -> tuple[Person, ...]:
        """The persons, parents before children."""
        placed: dict[str, Person] = {}
        waiting = list(self.persons)
        while waiting:
            ready = [p for p in waiting if all(q is None or q in placed for q in (p.father, p.mother))]
            placed.update({p.id: p for p in ready})
            waiting = [p for p in waiting if p.id not in placed]
        return tuple(placed.values())

    def renamed(self, names: Mapping[str, str]) -> Pedigree:
        """The pedigree with some persons called otherwise."""
        return Pedigree.of(
            (
                Person(
                    names.get(p.id, p.id),
                    p.father if p.father is None else names.get(p.father, p.father),
                    p.mother if p.mother is None else names.get(p.mother, p.mother),
                    p.sex,
                    p.inbreeding,
                )
                for p in self.persons
            ),
            self.name,
        )


def singleton(id_: str, sex: Sex = "unknown") -> Pedigree:
    """A pedigree of one person, unrelated to everyone."""
    return Pedigree((Person(id_, sex=sex),), id_)


def _check_parents(person: Person, known: Mapping[str, Person], name: str) -> None:
    where = name or None
    for parent, wanted in ((person.father, "male"), (person.mother, "female")):
        if parent is None:
            continue
        if parent not in known:
            raise InputError(
                _("{parent}, a parent of {id}, is not in the pedigree", parent=parent, id=person.id),
                where=where,
                advice=_("add a line for {parent}, or leave the parent empty", parent=parent),
            )
        held = known[parent].sex
        if held not in (wanted, "unknown"):
            raise InputError(
                _(
                    "{parent} is {sex} but {role} of {id}",
                    parent=parent,
                    sex=_sex(held),
                    role=_role(wanted),
                    id=person.id,
                ),
                where=where,
                advice=_("the sex is wrong, or father and mother of {id} are swapped", id=person.id),
            )
    if person.father is not None and person.father == person.mother:
        raise InputError(_("{parent} is both parents of {id}", parent=person.father, id=person.id), where=where)
    if not 0 <= person.inbreeding <= 1 or (person.inbreeding and not person.founder):
        raise InputError(
            _("inbreeding {value} of {id} is impossible", value=person.inbreeding, id=person.id),
            where=where,
            advice=_("it is a number from 0 to 1, given for founders alone; that of others follows from the pedigree"),
        )


def _sex(value: str) -> object:
    return {"male": _("male"), "female": _("female")}.get(value, value)


def _role(wanted: str) -> object:
    return _("father") if wanted == "male" else _("mother")


def _check_descent(person: Person, known: Mapping[str, Person], name: str) -> None:
    """Walk up from `person`; meeting it again means that it is its own ancestor."""
    seen: set[str] = set()
    waiting = [p for p in (person.father, person.mother) if p is not None]
    while waiting:
        each = waiting.pop()
        if each == person.id:
            raise InputError(
                _("{id} is their own ancestor", id=person.id),
                where=name or None,
                advice=_("look for a child and a parent that are swapped on the way up from {id}", id=person.id),
            )
        if each not in seen:
            seen.add(each)
            waiting += [p for p in (known[each].father, known[each].mother) if p is not None]
