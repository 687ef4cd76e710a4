"""The report of a joint identification, and its figures as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from convenio.core.words import Message, _
from convenio.programs.missing.methods.identification import Identification
from convenio.programs.missing.methods.summary import PairResult
from convenio.programs.missing.reports.frame import figure, heading, item, notes, repeat, table, title

SURE, PROBABLE = 0.9999, 0.95


def conclusion(pair: PairResult) -> Message:
    """What a pair's posterior allows to say; it proposes, a board of identification decides."""
    if pair.posterior >= SURE:
        return _("to be proposed for identification")
    if pair.alike and pair.posterior_alike >= SURE:
        return _("one of several whom the references cannot tell apart")
    if pair.posterior >= PROBABLE:
        return _("probable, more is needed")
    return _("open")


def identification_report(
    result: Identification, files: Sequence[Path], parameters: Sequence[tuple[str, object]] = ()
) -> str:
    """The report as text."""
    lines = title(_("Joint identification"))
    lines += heading(_("Result"))
    shown = [r for r in result.results if r.posterior >= 1e-4]
    lines += table(
        (
            _("remains"),
            _("family"),
            _("missing person"),
            "LR",
            _("excluding loci"),
            _("posterior"),
            "GLR",
            _("proposal"),
        ),
        [
            (
                r.remains,
                r.family,
                " / ".join((r.missing, *r.alike)),
                figure(r.lr),
                r.exclusions,
                f"{r.posterior:.6f}",
                figure(r.glr),
                conclusion(r),
            )
            for r in shown
        ],
    )
    lines.append("")
    lines.append(str(_("A proposal is no identification: that is for a board, on several lines of evidence.")))
    if result.groups:
        lines += heading(_("Persons whom nothing tells apart"))
        lines += table(
            (_("family"), _("missing persons"), _("remains"), _("posterior"), "GLR"),
            [
                (g.family, ", ".join(g.missing), ", ".join(g.remains) or "-", f"{g.posterior:.6f}", figure(g.glr))
                for g in result.groups
            ],
        )
    lines += heading(_("Nobody on the list, and nobody among the remains"))
    lines += table((_("remains"), _("probability")), [(r, f"{p:.6f}") for r, p in result.unknown.items()])
    lines.append("")
    lines += table(
        (_("family"), _("missing person"), _("probability of absence")),
        [(f, m, f"{p:.6f}") for (f, m), p in result.absent.items()],
    )
    lines += heading(_("Priors"))
    lines.append(item(_("used"), result.prior.describe()))
    lines.append("")
    names = list(result.sensitivity)
    lines += table(
        (_("remains"), _("missing person"), *names),
        [
            (r.remains, f"{r.family}/{r.missing}", *[f"{result.sensitivity[n][i]:.6f}" for n in names])
            for i, r in enumerate(result.results)
            if any(result.sensitivity[n][i] >= 1e-4 for n in names)
        ],
    )
    lines += heading(_("Best assignments"))
    lines += table(
        (_("posterior"), "log10 LR", _("assignment")),
        [
            (
                f"{a.posterior:.6f}",
                figure(a.log_lr / math.log(10)),
                ", ".join(f"{r} = {m}" for r, (_f, m) in sorted(a.placed.items())) or str(_("nobody")),
            )
            for a in result.best[:10]
        ],
    )
    lines += heading(_("Pairwise likelihood ratios (excluding loci)"))
    headings = [_("remains"), *[f"{f}/{m}" for f, m in result.pairs.missing]]
    rows = []
    for r, remains in enumerate(result.pairs.remains):
        cells = [
            "-" if math.isnan(lr) else f"{figure(lr, 4)} ({out})"
            for lr, out in zip(result.pairs.lr[r].tolist(), result.pairs.exclusions[r].tolist(), strict=True)
        ]
        rows.append((remains, *cells))
    lines += table(headings, rows)
    if result.settled:
        lines += heading(_("Settled first"))
        lines += table(
            (_("remains"), _("missing person"), "LR", _("round")),
            [(s.remains, f"{s.family}/{s.missing}", figure(s.lr), s.step) for s in result.settled],
        )
    lines += heading(_("Model"))
    lines += [item(_("population"), result.population), item(_("loci"), ", ".join(result.loci))]
    still = [name for name, moves in result.mutation.items() if not moves]
    if still:
        lines.append(item(_("families in which nothing mutates"), ", ".join(still)))
    lines += notes(result.notes)
    lines += repeat(files, parameters)
    return "\n".join(lines) + "\n"


def identification_json(result: Identification) -> dict[str, Any]:
    """The figures as JSON."""

    def plain(value: float) -> float | str | None:
        return None if math.isnan(value) else value if math.isfinite(value) else str(value)

    return {
        "prior": result.prior.name,
        "population": result.population,
        "loci": list(result.loci),
        "pairs": [
            {
                "remains": r.remains,
                "family": r.family,
                "missing": r.missing,
                "lr": plain(r.lr),
                "exclusions": r.exclusions,
                "posterior": r.posterior,
                "glr": plain(r.glr),
                "alike": list(r.alike),
                "posterior_alike": r.posterior_alike,
                "proposal": conclusion(r).in_both(),
            }
            for r in result.results
        ],
        "groups": [
            {
                "family": g.family,
                "missing": list(g.missing),
                "remains": list(g.remains),
                "posterior": g.posterior,
                "glr": plain(g.glr),
            }
            for g in result.groups
        ],
        "unknown": dict(result.unknown),
        "absent": [{"family": f, "missing": m, "probability": p} for (f, m), p in result.absent.items()],
        "best": [
            {
                "placed": {r: {"family": f, "missing": m} for r, (f, m) in a.placed.items()},
                "log10_lr": a.log_lr / math.log(10),
                "posterior": a.posterior,
            }
            for a in result.best
        ],
        "sensitivity": {name: list(values) for name, values in result.sensitivity.items()},
        "pairwise": {
            "remains": list(result.pairs.remains),
            "missing": [{"family": f, "missing": m} for f, m in result.pairs.missing],
            "lr": [[plain(v) for v in row] for row in result.pairs.lr.tolist()],
            "exclusions": result.pairs.exclusions.tolist(),
        },
        "contradictions": {name: list(loci) for name, loci in result.pairs.contradictions.items()},
        "settled": [
            {"remains": s.remains, "family": s.family, "missing": s.missing, "lr": s.lr, "step": s.step}
            for s in result.settled
        ],
        "notes": [each.in_both() for each in result.notes],
    }
