"""100,000 made-up customers against 13,700 listed parties, and one name at a time; beside logic-v2 of nomenklatura.

The list is OFAC's of 28 December 2022 with those parties of the state of 2021 that are no longer on it; what is
wanting to 13,700 is the list's beginning once more.
Ours is one process; the customers are screened by names, birth dates and states of birth. The peer scores, in its own
environment and without any index of its own, the pairs that our index proposes for 2,000 customers: its cost per
customer stands for a peer that had the same candidates, so the ratio is what scoring alone gains.
"""

from __future__ import annotations

import time

from bench.finance_peer import pair, scored
from bench.harness import DATA, Row, clock, shell
from bench.peer import NoPeer
from convenio.programs.finance.schema import ListEntry
from convenio.programs.finance.screening.party import parties
from convenio.programs.finance.screening.screener import Screener
from convenio.programs.finance.sources.ofac_sdn import read_sdn
from convenio.world import World

FOLDER = DATA / "finance" / "ofac_sdn"
LISTED = 13_700
SEED = 707


def combined() -> list[ListEntry]:
    entries = {each.id: each for each in read_sdn(FOLDER / "sdn_2022-12-28.csv").entries}
    for each in read_sdn(FOLDER / "sdn_2021-10-06.csv").entries:
        entries.setdefault(each.id, each)
    held = list(entries.values())
    again = [ListEntry(**{**each.__dict__, "id": f"again-{each.id}"}) for each in held[: LISTED - len(held)]]
    return [*held, *again][:LISTED]


def run(*, quick: bool) -> list[Row]:
    if not FOLDER.is_dir():
        return [Row("100,000 x 13,700", "not run", "", note="the real list is not here; set CONVENIO_DATA")]
    size = 5_000 if quick else 100_000
    entries = combined()
    columns = ["given", "paterno", "materno", "birth_date", "birth_state"]
    world = World(seed=SEED, people=size).people().select(["person_id", *columns])
    table = world.rename_columns(["customer_id", *columns])
    with clock() as built:
        screener = Screener(entries)
    with clock() as taken:
        hits = sum(1 for _ in screener.screen(parties(table)))
    rows = [
        Row(
            f"{size:,} customers x {len(entries):,} listed parties",
            round(built.wall + taken.wall, 1),
            "seconds, index included",
            goal="<= 60 s",
            met=None if quick else built.wall + taken.wall <= 60,
            note=f"one process; CPU {built.cpu + taken.cpu:.1f} s, index {built.cpu:.1f} s, {hits} hits",
        )
    ]
    rows += _one_at_a_time(screener, table.slice(0, 500))
    if not quick:
        rows += _beside_peer(screener, table.slice(0, 2_000), taken.cpu / size)
    return rows


def _one_at_a_time(screener: Screener, table: object) -> list[Row]:
    fresh = Screener(screener.entries)
    times = []
    for known in list(parties(table)):  # type: ignore[arg-type]
        start = time.process_time()
        fresh.hits(known)
        times.append((time.process_time() - start) * 1000)
    times.sort()
    middle, late = times[len(times) // 2], times[int(0.95 * len(times))]
    return [
        Row(
            "one name, words not seen before",
            round(middle, 3),
            "milliseconds of CPU, median",
            goal="<= 5 ms",
            met=middle <= 5,
            note=f"95th percentile {late:.2f} ms, slowest {times[-1]:.2f} ms of {len(times)}",
        )
    ]


def _beside_peer(screener: Screener, table: object, ours: float) -> list[Row]:
    known = list(parties(table))  # type: ignore[arg-type]
    pairs = [
        pair("Person", {"name": each.name, "birthDate": str(each.birth_date)}, {"name": name.listed.name})
        for each in known
        for parsed in each.parsed
        for name in screener.candidate_names(parsed)
    ]
    try:
        _scores, seconds = scored("logic-v2", pairs)
    except NoPeer as error:
        return [Row("CPU per customer", ours * 1000, "milliseconds", note=f"logic-v2 could not be run here: {error}")]
    return [
        Row(
            "CPU per customer, finding and scoring",
            round(ours * 1000, 3),
            "milliseconds",
            peer=round(seconds / len(known) * 1000, 3),
            note=f"peer: scoring alone, {len(pairs):,} pairs that our index proposes for {len(known):,} customers",
        )
    ]


if __name__ == "__main__":
    shell(run)
