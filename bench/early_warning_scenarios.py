"""The 42 simulation scenarios of Noufaily et al. 2013 (Stat Med 32:1206, section 4): 624 weeks, the last 49 tested.

Seven sets of parameters, each with and without a trend, with no, one or two harmonics of the year. Counts are Poisson
or negative binomial with variance phi times the mean. Four past outbreaks lie in weeks 313 to 575, one current outbreak
in weeks 576 to 624; an outbreak's size is Poisson with mean k times the standard deviation of the baseline at its
start, and its cases fall floor(lognormal(0, 0.5 ** 2)) weeks later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SETS = (  # theta, beta, gamma1, gamma2, phi
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)
WEEKS, PAST, CURRENT = 624, (312, 575), (575, 624)
PAST_K = (2, 3, 5, 10)


@dataclass(frozen=True)
class Scenario:
    """One of the 42: what the mean is made of and the dispersion."""

    number: int
    theta: float
    beta: float
    gamma1: float
    gamma2: float
    phi: float
    harmonics: int

    def mean(self) -> NDArray[np.float64]:
        """The true mean of every week, (624,)."""
        t = np.arange(1.0, WEEKS + 1.0)
        log = self.theta + self.beta * t
        for j in range(1, self.harmonics + 1):
            angle = 2.0 * np.pi * j * t / 52.0
            log = log + self.gamma1 * np.cos(angle) + self.gamma2 * np.sin(angle)
        return np.asarray(np.exp(log))

    def draw(self, size: int, draw: np.random.Generator) -> NDArray[np.int64]:
        """Counts without outbreaks, (size, 624)."""
        mean = np.broadcast_to(self.mean(), (size, WEEKS))
        if self.phi == 1.0:
            return draw.poisson(mean)
        return draw.negative_binomial(mean / (self.phi - 1.0), 1.0 / self.phi)


def scenarios() -> list[Scenario]:
    """All 42, seven classes of six."""
    found: list[Scenario] = []
    for theta, beta, gamma1, gamma2, phi in SETS:
        for trend in (0, 1):
            for harmonics in (0, 1, 2):
                found.append(Scenario(len(found) + 1, theta, beta * trend, gamma1, gamma2, phi, harmonics))
    return found


def past_outbreaks(scenario: Scenario, size: int, draw: np.random.Generator) -> NDArray[np.int64]:
    """Cases of four outbreaks in the baseline of each series, (size, 624); k is drawn from 2, 3, 5, 10 per series."""
    made = np.zeros((size, WEEKS), np.int64)
    for row in range(size):
        k = draw.choice(PAST_K)
        for start in draw.integers(*PAST, size=4):
            _outbreak(made[row], scenario, int(start), float(k), draw, PAST[1])
    return made


def current_outbreaks(
    scenario: Scenario, size: int, draw: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Cases of one outbreak in the tested weeks of each series, (size, 624), and its k (1 to 10), (size,)."""
    made, ks = np.zeros((size, WEEKS), np.int64), draw.integers(1, 11, size=size).astype(np.float64)
    for row in range(size):
        _outbreak(made[row], scenario, int(draw.integers(*CURRENT)), float(ks[row]), draw, CURRENT[1])
    return made, ks


def _outbreak(
    row: NDArray[np.int64], scenario: Scenario, start: int, k: float, draw: np.random.Generator, end: int
) -> None:
    spread = np.sqrt(scenario.mean()[start] * scenario.phi)
    cases = draw.poisson(k * spread)
    weeks = start + np.floor(draw.lognormal(0.0, 0.5, size=cases)).astype(np.int64)
    np.add.at(row, weeks[weeks < end], 1)
