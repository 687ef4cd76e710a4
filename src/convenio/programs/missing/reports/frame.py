"""What every report has: headings, tables, figures, and how to repeat it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from convenio.core.words import Message, _


def heading(text: Message, level: int = 2) -> list[str]:
    """A heading with the blank lines around it."""
    return ["", "#" * level + " " + str(text), ""]


def title(text: Message) -> list[str]:
    """The report's title."""
    return ["# " + str(text)]


def item(label: Message, value: object) -> str:
    """A line of a list: what it is, and its value."""
    return f"- {label}: {value}"


def table(headings: Sequence[object], rows: Iterable[Sequence[object]]) -> list[str]:
    """A table in Markdown, padded so that it reads as plain text too."""
    cells = [[str(h) for h in headings], *[[str(c) for c in row] for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(headings))]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |" for row in cells]
    return [lines[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines[1:]]


def figure(value: float, digits: int = 6) -> str:
    """A number as reports write it."""
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == 0:
        return "0"
    return f"{value:.{digits}g}" if 1e-4 <= abs(value) < 1e6 else f"{value:.{digits - 1}e}"


def power_of_ten(log10: float) -> str:
    """A ratio given by its logarithm, however large."""
    if math.isinf(log10) or math.isnan(log10):
        return "0" if log10 == -math.inf else figure(log10)
    if -4 <= log10 < 6:
        return figure(10**log10)
    whole = math.floor(log10)
    return f"{10 ** (log10 - whole):.4f}e{whole:+d}"


def notes(listed: Sequence[Message]) -> list[str]:
    """What a reader must know, as a list."""
    return [*heading(_("To be known")), *[f"- {each}" for each in listed]] if listed else []


def repeat(files: Sequence[Path], parameters: Sequence[tuple[str, object]]) -> list[str]:
    """The input files with their digests, the parameters and the version."""
    lines = heading(_("To repeat this"))
    lines += table((_("input"), "SHA-256"), [(f.name, hashlib.sha256(f.read_bytes()).hexdigest()) for f in files])
    lines.append("")
    lines += table((_("parameter"), _("value")), parameters)
    return [*lines, "", f"Convenio {version('convenio')}"]
