"""Detection over counts that a node keeps: the result is kept, each alarm is a finding that a person decides on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from convenio.core.digest_key import digest_key
from convenio.core.program import program
from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.programs.early_warning.arguments import DetectParams
from convenio.programs.early_warning.finding import as_finding
from convenio.programs.early_warning.kept import Kept, Run, Shelf
from convenio.work.queue import Queue

KEPT = (
    "series", "substance", "period", "observed", "expected", "upperbound", "score", "history", "completeness",
    "pending", "status", "note",
)  # fmt: skip


def run_detection(
    shelf: Shelf,
    kept: Kept,
    params: DetectParams,
    *,
    queue: Queue | None,
    person: Person,
    now: dt.datetime,
    home: Path,
    job: str = "",
    progress: Callable[[float], None] | None = None,
) -> Run:
    """Run it, keep what it found, and put the alarms into the queue of the person's agency.

    Args:
        shelf: where the counts are kept.
        kept: which counts.
        params: what detection is told.
        queue: the findings queue; without one the alarms are kept alone.
        person: who runs it.
        now: the node's clock.
        home: the program's folder in the node, where the key for digests lies.
        job: the number of the job that does it; begun anew after a restart, it takes its own place.
        progress: told the share of series done.

    Returns:
        What is kept of it.

    Raises:
        InputError: as the method; nothing is kept.
    """
    method = program("early_warning").declared_methods()["detect"]
    counts = shelf.counts(kept.id)
    told = DetectParams.model_validate(params.model_dump())
    result = method.run({"counts": counts}, told, progress=progress)
    rows = [row for row in result.to_pylist() if row["alarm"]]
    plain = {name: value for name, value in told.model_dump(mode="json").items() if value is not None}
    new = 0
    numbers: list[str] = []
    if queue is not None:
        key = digest_key(home)
        findings = [
            as_finding(
                row,
                counts.filter(_same(counts, row)),
                collection=kept.title,
                params=plain,
                version=method.version,
                key=key,
                originator=person.agency,
            )
            for row in rows
        ]
        numbers = [each.id for each in findings]
        new = queue.add(
            findings, agency=person.agency, by=person.name, ranks=[float(row["score"] or 0.0) for row in rows]
        )
    alarms = [
        {**{name: row[name] for name in KEPT}, "period": str(row["period"]), "finding": number}
        for row, number in zip(rows, numbers or [""] * len(rows), strict=True)
    ]
    series = len({(row["series"], row["substance"]) for row in result.select(["series", "substance"]).to_pylist()})
    run = Run(now.isoformat(timespec="seconds"), person.name, plain, series, alarms, new, job)
    shelf.ran(kept.id, run, result)
    return run


def said(run: Run) -> Message:
    """What came of a run, in a sentence."""
    return _(
        "{tested} series tested, {alarms} alarms, {new} of them new in the queue.",
        tested=run.tested,
        alarms=len(run.alarms),
        new=run.new,
    )


def _same(counts: Any, row: dict[str, Any]) -> Any:
    same = pc.equal(counts.column("series"), row["series"])
    held = counts.column("substance")
    wanted = row["substance"]
    return pc.and_(same, pc.is_null(held) if wanted is None else pc.equal(pc.fill_null(held, ""), wanted))
