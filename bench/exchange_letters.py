"""605,000 findings under one standing order, between two real nodes over mutual TLS; beside them one by one.

Europol's SIENA carried 605,245 messages in 2014. Here Mexico's node gives as many findings to the United States' under
an order that two officers approved once. Each node serves in a process of its own; findings are handed in by a third.
The path is the whole one: policy and receipt per batch, sealed envelope, signed acceptance, content key, confirmation,
entries in both ledgers, cosignatures. At the end every batch is open on the other side, both ledgers verify, and they
reconcile. "One by one" is the same path with one finding in a batch.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select

from bench.harness import Row, shell
from convenio.demo.cast import MX, US
from convenio.demo.stage import Stage
from convenio.exchange.batches import Item
from convenio.exchange.standing import MOST
from convenio.ledger.folders import read_ledger
from convenio.ledger.reconcile import Reconciliation, read_entries, reconcile
from convenio.ledger.verify import verify
from convenio.node.node import Node, open_node
from convenio.people.credentials import sign_decision
from convenio.stores.tables import ReceivedCopy, Release
from tests.exchange import standing

SIENA = 605_000
MINUTES = 15
PATIENCE = 3_600.0
AHEAD = 24


def run(*, quick: bool) -> list[Row]:
    """Batched, then one by one, on the same two nodes."""
    whole, single = (6_000, 40) if quick else (SIENA, 300)
    folder = Path(tempfile.mkdtemp(prefix="convenio-bench-"))
    try:
        stage = Stage(folder, free_ports=True)
        stage.set_up()
        made = standing.signed(stage.authorities, standing.agreement())
        for side in (US, MX):
            with _node(stage, side.party) as node:
                node.agreements.adopt(made)
        stage.raise_curtain()
        try:
            one_by_one = _through(stage, _order(stage, single), single, 1)
            batched = _through(stage, _order(stage, whole), whole, MOST)
        finally:
            stage.drop_curtain()
        found = _reconciled(stage)
        minutes = batched["wall"] / 60 * SIENA / whole
        return [
            Row(
                "findings a second, in batches of 1,000",
                whole / batched["wall"],
                "1/s",
                peer=single / one_by_one["wall"],
                goal=f"≥ {SIENA / MINUTES / 60:.0f}",
                met=whole / batched["wall"] >= SIENA / MINUTES / 60,
                note=f"{whole:,} findings; peer: the same path, one by one, {single:,} findings",
            ),
            Row(
                f"{SIENA:,} findings",
                minutes,
                "minutes",
                goal=f"≤ {MINUTES}",
                met=minutes <= MINUTES,
                note="run whole" if whole == SIENA else f"from {whole:,}",
            ),
            Row(
                "CPU for a thousand findings",
                1000 * batched["cpu"] / whole,
                "CPU-s",
                peer=1000 * one_by_one["cpu"] / single,
                note=f"both nodes and who hands in; handing in alone took {batched['handing']:.0f} s",
            ),
            Row("entries of both border ledgers", float(sum(found.entries.values())), "entries"),
            Row(
                "orphans",
                float(len([each for each in found.orphans if each.state != "open"])),
                "entries",
                goal="0",
                met=found.holds,
                note=f"both ledgers verify; {found.paired:,} entries have their counterpart",
            ),
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _node:  # noqa: N801 - used as a word
    """A node's folder, opened beside the process that serves from it."""

    def __init__(self, stage: Stage, party: str) -> None:
        self.node = open_node(stage.settings[party].home)

    def __enter__(self) -> Node:
        return self.node

    def __exit__(self, *_error: object) -> None:
        self.node.close()


def _order(stage: Stage, count: int) -> str:
    """An order through both nodes' own doors, approved by two officers."""
    now = dt.datetime.now(dt.UTC)
    analyst = stage.desktop(US, "analyst")
    wanted = standing.wanted(now, per_day=max(count, 1), until=now + dt.timedelta(days=30))
    told = {**vars(wanted), "until": wanted.until.isoformat()}
    order = str(analyst.post("/standing-orders", told)["order"])
    for which in (0, 1):
        officer = stage.desktop(MX, "releasing_officer", which)
        key = stage.keys[officer.name]
        _until(lambda officer=officer: any(each["id"] == order for each in officer.get("/standing-orders")))
        signed = sign_decision(key, officer.get(f"/standing-orders/{order}/decision")["digest"])
        officer.post(f"/standing-orders/{order}/approvals", {"signature": signed})
        officer.close()
    _until(lambda: any(each["id"] == order and each["state"] == "open" for each in analyst.get("/standing-orders")))
    analyst.close()
    return order


def _through(stage: Stage, order: str, count: int, most: int) -> dict[str, float]:
    """Seconds and CPU until every finding is open on the other side and confirmed."""
    pids = [each.pid for each in stage._processes.values()]  # noqa: SLF001 - their CPU is what is measured
    with _node(stage, "mx") as mx, _node(stage, "us") as us:
        cpu, wall = _cpu(pids), time.perf_counter()
        analyst = mx.people.person(MX.player("analyst").name)
        given = 0
        for first in range(0, count, most * AHEAD):
            some = min(most * AHEAD, count - first)
            given += mx.batches.give(order, _items(first, some), analyst, most=most).given
        handing = time.perf_counter() - wall
        batches = -(-count // most)
        _until(lambda: _opened(us, order) == batches and _delivered(mx, order) == batches)
        taken, cpu = time.perf_counter() - wall, _cpu(pids) - cpu
        counted = sum(each.count for each in us.taking.all(order))
    if given != count or counted != count:
        raise SystemExit(f"{given} of {count} findings went out and {counted} came")
    return {"wall": taken, "cpu": cpu, "handing": handing}


def _items(first: int, count: int) -> Iterator[Item]:
    return iter(standing.items(first, count))


def _opened(node: Node, order: str) -> int:
    with node.store.reading() as session:
        wanted = select(func.count()).select_from(ReceivedCopy).where(ReceivedCopy.request == order)
        return session.scalar(wanted.where(ReceivedCopy.state == "open")) or 0


def _delivered(node: Node, order: str) -> int:
    with node.store.reading() as session:
        wanted = select(func.count()).select_from(Release).where(Release.request == order)
        return session.scalar(wanted.where(Release.state == "delivered")) or 0


def _reconciled(stage: Stage) -> Reconciliation:
    entries = {}
    for party, name in (("us", "border-mx"), ("mx", "border-us")):
        folder = stage.settings[party].home / "ledger" / name
        report = verify(folder)
        if not report.holds:
            raise SystemExit(f"the ledger of {party} does not verify: {report.problems}")
        entries[party] = list(read_entries(read_ledger(folder)[0]))
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    return reconcile(("us", entries["us"]), ("mx", entries["mx"]), now=later)


def _until(holds: object) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if holds():  # type: ignore[operator]
            return
        time.sleep(0.2)
    raise SystemExit("the nodes did not come to an end")


def _cpu(pids: list[int]) -> float:
    """CPU seconds of other processes and of this one."""
    ticks, mine = os.sysconf("SC_CLK_TCK"), os.times()
    total = mine.user + mine.system
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / ticks
    return total


if __name__ == "__main__":
    shell(run)
