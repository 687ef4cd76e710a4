"""What every report has: headings, tables, figures, and how to repeat it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from convenio.core.words import Message, _
from convenio.programs.missing.methods.locus import Locus


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
    cells = [[str(c).replace("|", "\\|") for c in row] for row in (headings, *rows)]
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
    lines += table((_("input"), "SHA-256"), [(f.name, digest(f)) for f in files])
    lines.append("")
    lines += table((_("parameter"), _("value")), parameters)
    return [*lines, "", f"Convenio {version('convenio')}"]


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()


def repeated(files: Sequence[Path], parameters: Sequence[tuple[str, object]]) -> dict[str, Any]:
    """As `repeat`, for the figures as JSON."""
    return {
        "files": [{"name": f.name, "sha256": digest(f)} for f in files],
        "parameters": {name: value if isinstance(value, (int, float)) else str(value) for name, value in parameters},
        "version": version("convenio"),
    }


def frequencies(loci: Iterable[tuple[Locus, Iterable[str]]]) -> list[str]:
    """The frequencies of the alleles that were seen, locus by locus, as they were used."""
    lines = heading(_("Frequencies of the alleles seen"))
    return [
        *lines,
        *table(
            (_("locus"), _("alleles and their frequencies")),
            [
                (locus.name, ", ".join(f"{a}: {locus.freqs[locus.index[a]]:.6g}" for a in _in_order(seen)))
                for locus, seen in loci
            ],
        ),
    ]


def _in_order(alleles: Iterable[str]) -> list[str]:
    def rank(allele: str) -> tuple[float, str]:
        try:
            return float(allele), allele
        except ValueError:
            return math.inf, allele

    return sorted(set(alleles), key=rank)
