"""A reliability plot as SVG: what was said against what came true, both on the scale of log-odds."""

from __future__ import annotations

import math
from collections.abc import Iterable

LEAST, SIDE, MARGIN = 1e-4, 420.0, 64.0
TICKS = (0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999)
Z = 1.96


def reliability_plot(bands: Iterable[tuple[str, int, float, float]]) -> str:
    """The plot.

    Args:
        bands: for each band of posteriors its name, pairs in it, mean posterior, share that came true.

    Returns:
        SVG; intervals are Wilson's at 95 per cent.
    """
    parts = []
    for each in TICKS:
        at = _place(each)
        parts.append(f'<line class="g" x1="{_x(at)}" y1="{_y(0)}" x2="{_x(at)}" y2="{_y(1)}"/>')
        parts.append(f'<line class="g" x1="{_x(0)}" y1="{_y(at)}" x2="{_x(1)}" y2="{_y(at)}"/>')
        parts.append(f'<text x="{_x(at)}" y="{_y(0) + 18}" text-anchor="middle">{each:g}</text>')
        parts.append(f'<text x="{_x(0) - 8}" y="{_y(at) + 4}" text-anchor="end">{each:g}</text>')
    parts.append(f'<line class="d" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>')
    for name, number, said, came in bands:
        low, high = wilson(came * number, number)
        x = _x(_place(said))
        parts.append(f'<line class="i" x1="{x}" y1="{_y(_place(low))}" x2="{x}" y2="{_y(_place(high))}"/>')
        told = f"{name}: {said:.4f}, {came:.4f}, n = {number:,}"
        parts.append(f'<circle cx="{x}" cy="{_y(_place(came))}" r="5"><title>{told}</title></circle>')
    middle = MARGIN + SIDE / 2
    parts.append(f'<text x="{middle}" y="{2 * MARGIN + SIDE - 18}" text-anchor="middle">said · dicho</text>')
    parts.append(
        f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">came true · ocurrió</text>'
    )
    whole = 2 * MARGIN + SIDE
    style = (
        "text{font:12px sans-serif;fill:#333}.g{stroke:#ddd}.d{stroke:#888;stroke-dasharray:4 4}"
        ".i{stroke:#1d4f91;stroke-width:2}circle{fill:#1d4f91}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole:g} {whole:g}" role="img">'
        f'<style>{style}</style><rect width="{whole:g}" height="{whole:g}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def wilson(successes: float, number: int) -> tuple[float, float]:
    """Wilson's interval of a share at 95 per cent."""
    share, square = successes / number, Z * Z / number
    middle = (share + square / 2) / (1 + square)
    half = Z * math.sqrt(share * (1 - share) / number + square / (4 * number)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def _place(share: float) -> float:
    """Where a share stands between 0 and 1 on the axis: its log-odds, ends at one in ten thousand."""
    held = min(max(share, LEAST), 1 - LEAST)
    end = math.log((1 - LEAST) / LEAST)
    return (math.log(held / (1 - held)) + end) / (2 * end)


def _x(place: float) -> float:
    return round(MARGIN + place * SIDE, 1)


def _y(place: float) -> float:
    return round(MARGIN + (1 - place) * SIDE, 1)
