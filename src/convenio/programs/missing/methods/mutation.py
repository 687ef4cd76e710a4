"""Mutation models of STR alleles, as matrices of transmission probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from convenio.core.errors import InputError
from convenio.core.words import _

Array = npt.NDArray[np.float64]
Model = Literal["none", "equal", "proportional", "stepwise", "custom"]
MODELS = ("none", "equal", "proportional", "stepwise", "custom")


@dataclass(frozen=True)
class Mutation:
    """How an allele changes on its way from parent to child.

    Args:
        model: `none`; `equal` (every other allele alike); `proportional` (to the other allele's frequency, which
            keeps the frequencies stationary); `stepwise` (by number of repeats, with `rate2` for a change between
            full repeats and microvariants); `custom` (`matrix`).
        rate: probability that a transmission mutates; with `stepwise`, by whole repeats.
        rate2: `stepwise`: probability of a change to another microvariant class.
        range: `stepwise`: each further step is this times as likely.
        matrix: `custom`: rows are the parent's alleles, columns the child's, in the order of the locus.
    """

    model: Model = "none"
    rate: float = 0.0
    rate2: float = 0.0
    range: float = 0.1
    matrix: tuple[tuple[float, ...], ...] | None = None

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            raise InputError(
                _("{model} is no mutation model", model=self.model),
                advice=_("the models are {models}", models=", ".join(MODELS)),
            )
        if not (0 <= self.rate <= 1 and 0 <= self.rate2 <= 1 and self.rate + self.rate2 <= 1):
            raise InputError(_("a mutation rate of {rate} is impossible", rate=max(self.rate, self.rate2)))
        if self.model == "stepwise" and not 0 < self.range <= 1:
            raise InputError(_("a mutation range of {range} is impossible", range=self.range))

    def describe(self) -> str:
        """The model and its parameters, as reports and result files state them."""
        if self.model in ("none", "custom"):
            return self.model
        text = f"{self.model} rate={self.rate:g}"
        return f"{text} rate2={self.rate2:g} range={self.range:g}" if self.model == "stepwise" else text


@dataclass(frozen=True)
class SexMutation:
    """Mutation in fathers' and in mothers' transmissions."""

    male: Mutation = Mutation()
    female: Mutation = Mutation()

    @classmethod
    def both(cls, mutation: Mutation) -> SexMutation:
        """The same model for either sex."""
        return cls(mutation, mutation)

    @property
    def none(self) -> bool:
        """Whether nothing mutates."""
        return all(
            m.model == "none" or (m.model != "custom" and not m.rate + m.rate2) for m in (self.male, self.female)
        )

    def describe(self) -> str:
        """The models as text; once where they are the same."""
        if self.male == self.female:
            return self.male.describe()
        return f"male: {self.male.describe()}; female: {self.female.describe()}"


def matrix(mutation: Mutation, alleles: tuple[str, ...], freqs: Array) -> Array:
    """Transmission probabilities, shape (alleles, alleles): row is the parent's allele, column the child's.

    Raises:
        InputError: a stepwise model meets an allele that is no number of repeats, a rate too high for the model, or
            a custom matrix of the wrong shape or whose rows do not add to 1.

    Source: Egeland, Kling and Mostad 2016, Relationship Inference with Familias and R, chapter 4.
    """
    n = len(alleles)
    if mutation.model == "none" or (n == 1 and mutation.model != "custom"):
        return np.eye(n)
    if mutation.model == "custom":
        return _custom(mutation, n)
    if mutation.model == "equal":
        found = np.full((n, n), mutation.rate / (n - 1))
        np.fill_diagonal(found, 1 - mutation.rate)
        return found
    if mutation.model == "proportional":
        scale = mutation.rate / float(1 - freqs @ freqs)
        found = np.tile(scale * freqs, (n, 1))
        np.fill_diagonal(found, 0)
        np.fill_diagonal(found, 1 - found.sum(axis=1))
        if found.min() < 0:
            raise InputError(_("a proportional mutation rate of {rate} is too high here", rate=mutation.rate))
        return found
    return _stepwise(mutation, alleles)


def _custom(mutation: Mutation, n: int) -> Array:
    found = np.array(mutation.matrix if mutation.matrix is not None else [], dtype=float)
    if found.shape != (n, n) or found.min() < 0 or not np.allclose(found.sum(axis=1), 1, atol=1e-9):
        raise InputError(
            _("the mutation matrix does not fit the locus"),
            advice=_("it needs {n} rows of {n} probabilities, each row adding to 1", n=n),
        )
    return found


def _stepwise(mutation: Mutation, alleles: tuple[str, ...]) -> Array:
    try:
        tenths = np.array([round(float(each) * 10) for each in alleles])
    except ValueError:
        raise InputError(
            _(
                "a stepwise mutation model needs alleles that are numbers of repeats: {alleles}",
                alleles=", ".join(alleles),
            ),
            advice=_("use the equal or the proportional model for this locus"),
        ) from None
    same = (tenths[:, None] - tenths[None, :]) % 10 == 0
    steps = np.abs(tenths[:, None] - tenths[None, :]) // 10
    found: Array = np.where(same & (steps > 0), mutation.range ** np.maximum(steps - 1.0, 0), 0.0)
    total = found.sum(axis=1, keepdims=True)
    found = np.divide(found * mutation.rate, total, out=np.zeros_like(found), where=total > 0)
    others = (~same).sum(axis=1, keepdims=True)
    found += np.where(same, 0.0, mutation.rate2 / np.maximum(others, 1))
    np.fill_diagonal(found, 0)
    np.fill_diagonal(found, 1 - found.sum(axis=1))
    return found
