"""The reports of a search and of what a search is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from convenio.core.words import _
from convenio.programs.missing.methods.power import Power
from convenio.programs.missing.methods.screen import Screened
from convenio.programs.missing.reports.frame import figure, heading, item, notes, power_of_ten, repeat, table, title


def screen_report(result: Screened, files: Sequence[Path], parameters: Sequence[tuple[str, object]] = ()) -> str:
    """The report of a search as text."""
    lines = title(_("Search"))
    lines += heading(_("Candidates"))
    lines.append(
        str(
            _(
                "{hits} of {compared} comparisons reach a likelihood ratio of {threshold}",
                hits=len(result.hits),
                compared=result.compared,
                threshold=power_of_ten(result.threshold),
            )
        )
    )
    lines.append("")
    lines += table(
        (_("family"), _("missing person"), _("candidate"), "LR", "log10 LR"),
        [(h.family, h.missing, h.candidate, power_of_ten(h.log10_lr), f"{h.log10_lr:.3f}") for h in result.hits],
    )
    lines.append("")
    lines.append(str(_("A candidate is a reason to compare jointly with `dvi`, never an identification.")))
    lines += heading(_("Model"))
    lines += [item(_("population"), result.population), item(_("loci"), ", ".join(result.loci))]
    lines += notes(result.notes)
    lines += repeat(files, parameters)
    return "\n".join(lines) + "\n"


def screen_json(result: Screened) -> dict[str, Any]:
    """The figures of a search as JSON."""
    return {
        "compared": result.compared,
        "threshold_log10_lr": result.threshold,
        "population": result.population,
        "loci": list(result.loci),
        "hits": [asdict(each) for each in result.hits],
        "notes": [each.in_both() for each in result.notes],
    }


def power_report(
    results: Mapping[str, Power], files: Sequence[Path], parameters: Sequence[tuple[str, object]] = ()
) -> str:
    """The report of what a search is worth as text; one section per set of relatives."""
    lines = title(_("What a search is worth"))
    for name, each in results.items():
        lines += heading(
            _("{name}: sampled are {relatives}", name=name or _("as it is"), relatives=", ".join(each.references))
        )
        how = (
            _("mean of {number} simulated families", number=each.families)
            if each.families
            else _("exact, given the references' genotypes")
        )
        lines.append(str(how) + ".")
        lines.append("")
        lines += table(
            (_("threshold LR"), _("recall"), _("95 % interval"), _("false candidates per thousand")),
            [
                (
                    power_of_ten(t.log10_lr),
                    f"{t.recall:.4f}",
                    f"{t.low:.4f} - {t.high:.4f}" if each.families else "-",
                    figure(t.false_per_thousand, 3),
                )
                for t in each.curve
            ],
        )
        lines.append("")
        lines.append(
            str(
                _(
                    "median LR {median}; 5 % stay below {low}; a stranger is excluded with probability {excluded}",
                    median=power_of_ten(each.median),
                    low=power_of_ten(each.low),
                    excluded=f"{each.exclusion:.6f}",
                )
            )
            + "."
        )
    if len(results) > 1 and "" in results:
        best = max((n for n in results if n), key=lambda n: results[n].low)
        lines += heading(_("Whom to sample next"))
        low = power_of_ten(results[best].low)
        lines.append(
            str(_("{relative} brings most: 5 % of the true remains then stay below {low}.", relative=best, low=low))
        )
    lines += repeat(files, parameters)
    return "\n".join(lines) + "\n"


def power_json(results: Mapping[str, Power]) -> dict[str, Any]:
    """The figures as JSON, by set of relatives."""
    return {name or "as it is": asdict(each) for name, each in results.items()}
