"""Places the nodes of a graph: linked ones near each other, others apart. The same graph always looks the same.

Attraction goes along links; repulsion is estimated from a sample of other nodes in each round (negative sampling, as
in Tang et al. 2016, LargeVis, WWW), so that a round costs a multiple of the nodes and not their square.
"""

from __future__ import annotations

from collections.abc import Sequence

SEED = 20211008
ROUNDS = 300
SAMPLE = 16


def place(count: int, links: Sequence[tuple[int, int]], *, rounds: int = ROUNDS) -> list[tuple[float, float]]:
    """Coordinates between -1 and 1 for `count` nodes.

    Args:
        count: how many nodes.
        links: pairs of node numbers.
        rounds: rounds of moving.
    """
    if count <= 1:
        return [(0.0, 0.0)] * count
    import numpy as np

    draw = np.random.default_rng(SEED)
    at = draw.normal(scale=0.1, size=(count, 2))
    pairs = np.array([each for each in links if each[0] != each[1]], dtype=np.int64).reshape(-1, 2)
    degree = np.bincount(pairs.ravel(), minlength=count) if len(pairs) else np.zeros(count, dtype=np.int64)
    ideal = 1.0 / np.sqrt(count)
    for round_number in range(rounds):
        force = np.zeros_like(at)
        if len(pairs):
            gap = at[pairs[:, 1]] - at[pairs[:, 0]]
            pull = gap * (np.linalg.norm(gap, axis=1, keepdims=True) / ideal)
            weight = 1.0 / np.sqrt(np.maximum(1, np.minimum(degree[pairs[:, 0]], degree[pairs[:, 1]])))[:, None]
            for axis in (0, 1):
                force[:, axis] += np.bincount(pairs[:, 0], (pull * weight)[:, axis], count)
                force[:, axis] -= np.bincount(pairs[:, 1], (pull * weight)[:, axis], count)
        others = draw.integers(0, count, size=(count, min(SAMPLE, count)))
        away = at[:, None, :] - at[others]
        square = (away**2).sum(axis=2, keepdims=True) + (0.05 * ideal) ** 2
        force += (away / square).mean(axis=1) * ideal**2 * count
        force -= at * ideal * 1.6
        length = np.linalg.norm(force, axis=1, keepdims=True)
        heat = 0.12 * (1 - round_number / rounds) ** 1.5 + 0.0005
        at += force / np.maximum(length, 1e-12) * np.minimum(length, heat)
    at -= (at.max(axis=0) + at.min(axis=0)) / 2
    at /= max(float(np.abs(at).max()), 1e-12)
    return [(float(x), float(y)) for x, y in at]
