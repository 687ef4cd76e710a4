"""From a pedigree and what was typed to the factors whose sum is the likelihood at one locus."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.methods.mutation import Array
from convenio.programs.missing.methods.network import LARGEST, Factor, TooLarge
from convenio.programs.missing.methods.observation import Index, Reduced
from convenio.programs.missing.methods.pedigree import Pedigree, Person

Engine = Literal["pedprobr", "familias"]
ENGINES: tuple[Engine, ...] = ("pedprobr", "familias")


class Evidence(NamedTuple):
    """How likely what is known of a person is, given the genotype.

    Args:
        table: shape (states, states), or (states,) for a man on the X chromosome; a leading axis where `batch` is set.
        batch: a variable that selects among several alternatives (candidates, simulated persons); stays in the result.
    """

    table: Array
    batch: Hashable | None = None


@dataclass
class _Held:
    """How one person's genotype is represented.

    `support`: the ordered genotypes it can have, as two arrays of states, one variable for both; None when each copy
    is a variable of its own. `single`: one copy only (a man on X).
    """

    person: Person
    single: bool
    weight: Array | None = None
    support: tuple[Index, Index] | None = None
    unordered: bool = False

    def variables(self) -> tuple[Hashable, ...]:
        if self.support is not None:
            return (("g", self.person.id),)
        return (("m", self.person.id),) if self.single else (("p", self.person.id), ("m", self.person.id))


@dataclass
class Descent:
    """Builds the factors of one hypothesis at one locus.

    Args:
        pedigrees: the hypothesis: one pedigree or several unrelated ones, no id in two of them.
        reduced: the locus.
        evidence: what is known, by person.
        engine: `pedprobr` keeps every untyped founder; `familias` leaves out an untyped founder with a single child,
            whose allele then has the population's frequencies, as R Familias does. They differ where the mutation
            model is not stationary.
        theta: coancestry coefficient: founder alleles are drawn one after the other, each like one drawn before with
            probability proportional to theta (Balding and Nichols 1994), over all pedigrees of the hypothesis alike.
        keep: a person whose genotype stays in the result.
    """

    pedigrees: Sequence[Pedigree]
    reduced: Reduced
    evidence: Mapping[str, Evidence]
    engine: Engine = "pedprobr"
    theta: float = 0.0
    keep: str | None = None
    _held: dict[str, _Held] = field(default_factory=dict)
    _draws: list[tuple[Hashable, Array]] = field(default_factory=list)

    def factors(self) -> list[Factor]:
        """The factors; their product, summed over all variables but batches and `kept`, is the likelihood.

        Raises:
            InputError: a sex is unknown on the X chromosome, or theta is combined with inbred founders.
            TooLarge: theta over too many untyped founders.
        """
        persons = self._relevant()
        found: list[Factor] = []
        for person in persons.values():
            self._held[person.id] = self._hold(person)
        for held in self._held.values():
            if held.weight is not None:
                found.append(self._weights(held))
            found += self._origin(held)
        if self._draws:
            found.append(self._urn())
        return found

    def kept(self) -> tuple[Hashable, ...]:
        """The variables of the person in `keep`: the paternal and the maternal copy."""
        assert self.keep is not None
        return self._held[self.keep].variables()

    def _x(self) -> bool:
        return self.reduced.locus.chromosome == "X"

    def _gives(self, parent: Person, child: Person) -> bool:
        return not self._x() or parent.id == child.mother or child.sex == "female"

    def _relevant(self) -> dict[str, Person]:
        """The persons that matter, parents cut off where they do not."""
        known = {p.id: p for pedigree in self.pedigrees for p in pedigree.ordered}
        if self._x():
            for each in known.values():
                if each.sex == "unknown":
                    raise InputError(_("the sex of {id} is needed on the X chromosome", id=each.id))
        parents = {
            p.id: [q for q in (p.father, p.mother) if q is not None and self._gives(known[q], p)]
            for p in known.values()
        }
        needed = {each for each in self.evidence if each in known} | ({self.keep} if self.keep else set())
        if not needed:
            return {}
        cut_single = self.engine == "familias" or self.reduced.locus.mutation.none
        while True:
            children: dict[str, int] = dict.fromkeys(parents, 0)
            for listed in parents.values():
                for q in listed:
                    children[q] += 1
            gone = [
                q
                for q in parents
                if q not in needed and (not children[q] or (cut_single and children[q] == 1 and not parents[q]))
            ]
            if not gone:
                break
            for q in gone:
                del parents[q]
            parents = {p: [q for q in listed if q in parents] for p, listed in parents.items()}
        return {
            p: Person(
                p,
                known[p].father if known[p].father in listed else None,
                known[p].mother if known[p].mother in listed else None,
                known[p].sex,
                known[p].inbreeding,
            )
            for p, listed in parents.items()
        }

    def _hold(self, person: Person) -> _Held:
        single = self._x() and person.sex == "male"
        given = self.evidence.get(person.id)
        if given is not None and person.id != self.keep and given.batch is None and not single:
            pairs = np.triu(given.table) if person.founder else given.table
            support = np.nonzero(pairs)
            if len(support[0]) <= max(16, 4 * self.reduced.states) or (self.theta and person.founder):
                weight = pairs[support]
                if person.founder:
                    weight = weight * np.where(support[0] == support[1], 1.0, 2.0)
                return _Held(person, single, weight, (support[0], support[1]), person.founder)
        if (
            self.theta
            and person.founder
            and not single
            and person.id != self.keep
            and (given is None or given.batch is None)
        ):
            support = np.triu_indices(self.reduced.states)
            return _Held(person, single, np.where(support[0] == support[1], 1.0, 2.0), (support[0], support[1]), True)
        return _Held(person, single, given.table if given is not None else None)

    def _weights(self, held: _Held) -> Factor:
        assert held.weight is not None
        given = self.evidence.get(held.person.id)
        scope = held.variables()
        if given is not None and given.batch is not None:
            scope = (given.batch, *scope)
        return Factor(scope, held.weight)

    def _origin(self, held: _Held) -> list[Factor]:
        """Where each copy of a person's genotype comes from: a parent or the population."""
        person, n = held.person, self.reduced.states
        if person.inbreeding and person.founder and not held.single:
            return [self._inbred(held)]
        found = []
        copies = [(person.mother, self.reduced.female, 1)]
        if not held.single:
            copies.insert(0, (person.father, self.reduced.male, 0))
        for parent, matrix, which in copies:
            if held.support is None:
                variable: Hashable = ("m", person.id) if which or held.single else ("p", person.id)
                states: Index = np.arange(n)
            else:
                variable, states = ("g", person.id), held.support[which]
            if parent is not None:
                scope, table = self._transmits(self._held[parent], matrix)
                found.append(Factor((*scope, variable), table[..., states]))
            elif self.theta:
                self._draws.append((variable, np.eye(n)[states]))
            else:
                found.append(Factor((variable,), self.reduced.probabilities[states]))
        return found

    def _inbred(self, held: _Held) -> Factor:
        if self.theta:
            raise InputError(
                _("theta and the inbreeding of founder {id} cannot be used together", id=held.person.id),
                advice=_("both say that a founder's alleles are alike more often; keep the one you can defend"),
            )
        p, f = self.reduced.probabilities, held.person.inbreeding
        prior = (1 - f) * np.outer(p, p) + f * np.diag(p)
        return Factor(held.variables(), prior if held.support is None else prior[held.support])

    def _transmits(self, held: _Held, matrix: Array) -> tuple[tuple[Hashable, ...], Array]:
        """Distribution of the allele that a child receives; last axis: the allele."""
        if held.single:
            return held.variables(), matrix
        if held.support is not None:
            rows = (matrix[held.support[0]] + matrix[held.support[1]]) / 2
            return ((), rows[0]) if (rows == rows[0]).all() else (held.variables(), rows)
        return held.variables(), (matrix[:, None, :] + matrix[None, :, :]) / 2

    def _urn(self) -> Factor:
        """Joint probability of all founder alleles under theta."""
        counts: dict[Hashable, Array] = {}
        for variable, table in self._draws:
            counts[variable] = counts[variable] + table if variable in counts else table
        shape = tuple(len(table) for table in counts.values())
        cells = float(np.prod(np.array(shape, dtype=float)))
        if cells > LARGEST:
            raise TooLarge(
                _(
                    "theta over {number} founders needs a table of {cells} cells",
                    number=len(shape),
                    cells=f"{cells:.1e}",
                ),
                advice=_("leave out branches without typed persons, or compute this family without theta"),
                kept=_("nothing was computed"),
            )
        number = len(self._draws)
        alpha = self.reduced.probabilities * (1 - self.theta) / self.theta
        found = np.ones(shape)
        for a, weight in enumerate(alpha):
            copies = np.zeros(shape, dtype=np.intp)
            for axis, table in enumerate(counts.values()):
                copies += table[:, a].astype(np.intp).reshape([-1 if i == axis else 1 for i in range(len(shape))])
            rising = np.cumprod([1.0, *(weight + np.arange(number))])
            found *= rising[copies]
        return Factor(tuple(counts), found / np.prod((1 - self.theta) / self.theta + np.arange(number)))
