"""The program's part of the story: made-up weekly counts by state, in six of which they begin to rise."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from convenio.people.accounts import Person
from convenio.programs.early_warning.arguments import DetectParams
from convenio.programs.early_warning.kept import Shelf
from convenio.programs.early_warning.runs import run_detection
from convenio.programs.early_warning.schema import Count
from convenio.work.queue import Queue

SEED, WEEKS, RISING = 20211008, 156, 6
SUBSTANCES = ("fentanyl", "methamphetamine")
STATES = {
    "us": ("AZ", "CA", "CO", "GA", "ID", "IL", "MI", "NM", "NV", "NY", "OH", "OR", "PA", "TX", "UT", "WA"),
    "mx": tuple(f"{n:02d}" for n in range(1, 33)),
}
MAPS = {"us": "us-states", "mx": "mx-states"}
TITLES = {"us": "Emergency visits by state and week (made up)", "mx": "Urgencias por estado y semana (inventadas)"}
NOTES = {"us": "Two hospitals of the state see the same rise", "mx": "Dos hospitales del estado ven el mismo aumento"}


def made_up_counts(party: str, today: dt.date) -> pa.Table:
    """Weekly counts of a party's states up to the week before `today`; none of them is real.

    Six series rise in their last week, every fifth from the third; the last two weeks are not complete yet.

    Args:
        party: `us` or `mx`.
        today: a day of the week that is not over.
    """
    draw = np.random.default_rng([SEED, len(STATES[party])])
    monday = today - dt.timedelta(days=today.weekday())
    weeks = [monday - dt.timedelta(weeks=WEEKS - each) for each in range(WEEKS)]
    rows: list[dict[str, Any]] = []
    for number, (state, substance) in enumerate((s, d) for s in STATES[party] for d in SUBSTANCES):
        level = float(draw.lognormal(2.2, 0.5))
        counts = draw.poisson(level, WEEKS)
        if number % 5 == 2 and number < 5 * RISING:
            counts[-1] += 12 + int(4 * np.sqrt(level))
        rows += [
            {
                "series": state,
                "period": week,
                "observed": int(count),
                "substance": substance,
                "completeness": 100.0 - 7.0 * max(0, place - WEEKS + 3),
            }
            for place, (week, count) in enumerate(zip(weeks, counts, strict=True))
        ]
    return pa.Table.from_pylist(rows, schema=Count.arrow_schema())


def show_alerts(home: Path, party: str, queue: Queue, person: Person, now: dt.datetime) -> tuple[int, int]:
    """Bring made-up counts into a health agency, look for what rises, let its analyst decide on the strongest alarm.

    Args:
        home: the program's folder in the node.
        party: `us` or `mx`.
        queue: the node's findings queue.
        person: an analyst of the health agency.
        now: the node's clock.

    Returns:
        How many alarms were raised, and how many of them the analyst has decided.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    shelf = Shelf(home, person.agency)
    counts = made_up_counts(party, now.date())
    kept = shelf.take(TITLES[party], counts, chosen_map=MAPS[party], by=person.name, now=now)
    params = DetectParams(method="ears-c2")
    run_detection(shelf, kept, params, queue=queue, person=person, now=now, home=home)
    alarms = shelf.runs(kept.id)[-1].alarms
    found = {row["id"]: row["version"] for row in queue.all(person)}
    if not alarms or alarms[0]["finding"] not in found:
        return len(alarms), 0
    first = alarms[0]["finding"]
    queue.verify(person, first, found[first], NOTES[party])
    return len(alarms), 1
