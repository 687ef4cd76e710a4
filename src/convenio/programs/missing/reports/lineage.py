"""The report of lineage markers: each pair of remains and relative, kept apart from other evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from convenio.core.words import _
from convenio.programs.missing.methods.lineage import LineageResult
from convenio.programs.missing.reports.frame import heading, repeat, table, title

Compared = Sequence[tuple[str, str, LineageResult]]


def lineage_report(results: Compared, files: Sequence[Path], parameters: Sequence[tuple[str, object]] = ()) -> str:
    """The report as text.

    Args:
        results: remains, relative, and how they compare.
        files: what was read.
        parameters: what it was computed with.
    """
    lines = title(_("Lineage markers"))
    lines += heading(_("Result"))
    lines += table(
        (_("remains"), _("relative"), _("compared"), _("conclusion")),
        [(remains, relative, found.compared, found.describe()) for remains, relative, found in results],
    )
    lines.append("")
    lines.append(
        str(
            _(
                "A line is shared by many persons. These results exclude or do not exclude; they are not multiplied "
                "into the ratios of other markers."
            )
        )
    )
    lines += repeat(files, parameters)
    return "\n".join(lines) + "\n"


def lineage_json(results: Compared) -> list[dict[str, Any]]:
    """The figures as JSON."""
    return [
        {"remains": remains, "relative": relative, **asdict(found), "in_words": found.describe().in_both()}
        for remains, relative, found in results
    ]
