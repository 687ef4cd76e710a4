"""What is planted among ordinary payments, companies and things, so that methods can be scored against the truth.

| pattern | what |
|---|---|
| structuring | cash below 10,000 dollars paid in 25 times within a month, then wired away |
| cycle | five accounts pass one sum around within ten days, each keeping a little |
| funnel | twenty accounts pay into one within two weeks; it empties into another within two days |
| layers | a person owns a company through four others at one address, with one director |
| under-invoicing | twelve shipments between two companies at an eighth of the usual price |
| doubled container | one container number at two ports on one day |
| shared telephone | six people with one telephone |
| cloned vehicle | one VIN registered in both countries |

They are drawn from what people who study these things describe; nothing in them is any person's or company's doing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from convenio.world.draw import Draw
from convenio.world.money import SECONDS, START
from convenio.world.things import GOODS, PORTS

TRUTH = pa.schema(
    [
        pa.field("pattern_id", pa.string(), nullable=False),
        pa.field("pattern", pa.string(), nullable=False),
        pa.field("table", pa.string(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("role", pa.string(), nullable=False),
    ]
)
"""One row per record that a pattern is made of: in which table, under which identifier, in which role."""

_DAY = 86_400
Tables = dict[str, pa.Table]


class Planting:
    """Rows to be mixed into the tables of a world, and the truth about them."""

    def __init__(self, draw: Draw, tables: Mapping[str, pa.Table]) -> None:
        self._draw = draw
        self.tables: Tables = dict(tables)
        self._rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ("transfers", "shipments", "phones")}
        self._rows["vehicles"] = []
        self._roles: dict[str, list[tuple[str, str, str]]] = {name: [] for name in self._rows}
        self._truth: list[tuple[str, str, str, str, str]] = []
        self._made = 0

    def pick(self, table: str, column: str, size: int, use: str) -> list[str]:
        """Different values of a column, drawn; fewer where the table is small."""
        held = self.tables[table]
        places = self._draw.sample(held.num_rows, min(size, held.num_rows), f"pattern {use}")
        return [str(each) for each in held.column(column).take(pa.array(places)).to_pylist()]

    def number(self, bound: int, use: str) -> int:
        """One drawn number below `bound`."""
        return int(self._draw.below(bound, 1, f"pattern {use}")[0])

    def name(self, pattern: str) -> str:
        """A new pattern's identifier."""
        self._made += 1
        return f"{pattern} {self._made}"

    def add(self, table: str, row: dict[str, Any], pattern: str, role: str) -> None:
        """A row to be mixed in, as part of a pattern."""
        self._rows[table].append(row)
        self._roles[table].append((pattern, pattern.rsplit(" ", 1)[0], role))

    def note(self, table: str, key: str, pattern: str, role: str) -> None:
        """An existing record that a pattern is made of."""
        self._truth.append((pattern, pattern.rsplit(" ", 1)[0], table, key, role))

    def mixed(self) -> Tables:
        """The tables with the planted rows among the others, and `truth` beside them.

        Identifiers are given anew in the tables' own order, so that they tell nothing of what was planted.
        """
        for name, order, prefix in (
            ("transfers", "time", "T"),
            ("shipments", "date", "S"),
            ("vehicles", "registered_on", "V"),
            ("phones", "since", ""),
        ):
            self._mix(name, order, prefix)
        rows = [dict(zip(TRUTH.names, each, strict=True)) for each in sorted(self._truth)]
        self.tables["truth"] = pa.Table.from_pylist(rows, schema=TRUTH)
        return self.tables

    def _mix(self, name: str, order: str, prefix: str) -> None:
        from convenio.world.contact import numbered

        table, rows = self.tables[name], self._rows[name]
        first = table.schema.names[0]
        blank = [{first: "", **row} for row in rows]
        whole = pa.concat_tables([table, pa.Table.from_pylist(blank, schema=table.schema)])
        place = np.lexsort((np.arange(whole.num_rows), whole.column(order).cast(_plain(whole, order)).to_numpy()))
        whole = whole.take(pa.array(place))
        if prefix:
            whole = whole.set_column(0, table.schema.field(0), numbered(prefix, whole.num_rows))
        where = np.empty(whole.num_rows, dtype=np.int64)
        where[place] = np.arange(whole.num_rows)
        keys = whole.column(first).to_pylist()
        for at, (pattern, kind, role) in enumerate(self._roles[name]):
            self._truth.append((pattern, kind, name, str(keys[int(where[table.num_rows + at])]), role))
        self.tables[name] = whole.combine_chunks()


def _plain(table: pa.Table, column: str) -> pa.DataType:
    return pa.int32() if pa.types.is_date32(table.schema.field(column).type) else pa.int64()


def plant_patterns(draw: Draw, tables: Mapping[str, pa.Table], each: int) -> Tables:
    """`each` patterns of every kind, mixed into a world's tables, with the table `truth` added."""
    planting = Planting(draw, tables)
    for turn in range(each):
        for make in (_structuring, _cycle, _funnel, _layers, _under_invoicing, _doubled, _shared_telephone, _cloned):
            make(planting, turn)
    return planting.mixed()


def _transfer(at: int, source: str | None, target: str, cents: int, channel: str = "wire") -> dict[str, Any]:
    when = (START + min(at, SECONDS - 1)).astype("datetime64[s]").item()
    row = {"time": when, "from_account": source, "to_account": target, "amount_cents": cents}
    return row | {"currency": "USD", "channel": channel}


def _structuring(planting: Planting, turn: int) -> None:
    name = planting.name("structuring")
    account, away = planting.pick("accounts", "account_id", 2, f"structuring {turn}")
    start = planting.number(SECONDS - 45 * _DAY, f"structuring start {turn}")
    total = 0
    for at in range(25):
        cents = 900_000 + planting.number(98_000, f"structuring {turn} {at}")
        total += cents
        planting.add(
            "transfers", _transfer(start + at * _DAY + at * 977, None, account, cents, "cash"), name, "deposit"
        )
    planting.add("transfers", _transfer(start + 28 * _DAY, account, away, total * 98 // 100), name, "wire")
    planting.note("accounts", account, name, "collector")


def _cycle(planting: Planting, turn: int) -> None:
    name = planting.name("cycle")
    ring = planting.pick("accounts", "account_id", 5, f"cycle {turn}")
    at = planting.number(SECONDS - 12 * _DAY, f"cycle start {turn}")
    cents = 4_000_000 + planting.number(9_000_000, f"cycle sum {turn}")
    for step, (source, target) in enumerate(zip(ring, ring[1:] + ring[:1], strict=True)):
        planting.add("transfers", _transfer(at + step * 2 * _DAY, source, target, cents), name, f"step {step + 1}")
        planting.note("accounts", source, name, "ring")
        cents = cents * (970 + planting.number(20, f"cycle {turn} {step}")) // 1000


def _funnel(planting: Planting, turn: int) -> None:
    name = planting.name("funnel")
    account, away, *payers = planting.pick("accounts", "account_id", 22, f"funnel {turn}")
    start = planting.number(SECONDS - 20 * _DAY, f"funnel start {turn}")
    total = 0
    for at, payer in enumerate(payers):
        cents = 80_000 + planting.number(300_000, f"funnel {turn} {at}")
        total += cents
        planting.add("transfers", _transfer(start + at * 14 * _DAY // 20, payer, account, cents, "SPEI"), name, "in")
    planting.add("transfers", _transfer(start + 15 * _DAY, account, away, total * 97 // 100), name, "out")
    planting.note("accounts", account, name, "funnel")


def _layers(planting: Planting, turn: int) -> None:
    name = planting.name("layers")
    chain = sorted(planting.pick("companies", "company_id", 5, f"layers {turn}"))
    person = planting.pick("people", "person_id", 1, f"layers {turn}")[0]
    above = dict(zip(chain, [person, *chain[:-1]], strict=True))
    firms = planting.tables["companies"].to_pylist()
    home = next((firm["address"] for firm in firms if firm["company_id"] == chain[0]), "")
    for firm in firms:
        if firm["company_id"] in above:
            firm["address"] = home
    for table, column, put in (("owners", "owner_id", above), ("officers", "person_id", dict.fromkeys(chain, person))):
        held = planting.tables[table]
        rows, done = [], set()
        for row in held.to_pylist():
            if row["company_id"] not in put:
                rows.append(row)
            elif row["company_id"] not in done:
                done.add(row["company_id"])
                rows.append(row | {column: put[row["company_id"]]} | ({"share": 100} if table == "owners" else {}))
        planting.tables[table] = pa.Table.from_pylist(rows, schema=held.schema)
    planting.tables["companies"] = pa.Table.from_pylist(firms, schema=planting.tables["companies"].schema)
    for depth, company in enumerate(chain):
        planting.note("companies", company, name, f"layer {depth + 1}")
    planting.note("people", person, name, "beneficial owner")


def _under_invoicing(planting: Planting, turn: int) -> None:
    name = planting.name("under-invoicing")
    exporter, importer = planting.pick("companies", "company_id", 2, f"under-invoicing {turn}")
    goods = tuple(GOODS)[planting.number(len(GOODS), f"under-invoiced goods {turn}")]
    boxes = planting.pick("shipments", "container", 12, f"under-invoicing {turn}")
    for at, container in enumerate(boxes):
        weight = 8000 + planting.number(12_000, f"under-invoiced {turn} {at}")
        row = {"date": (np.datetime64("2020-10-05") + at * 30).item(), "exporter_id": exporter, "importer_id": importer}
        row |= {"container": container, "hs6": goods, "port": PORTS[turn % len(PORTS)], "net_kg": weight}
        planting.add("shipments", row | {"value_usd": weight * GOODS[goods][0] // 8}, name, "shipment")


def _doubled(planting: Planting, turn: int) -> None:
    name = planting.name("doubled container")
    (container,) = planting.pick("shipments", "container", 1, f"doubled {turn}")
    date = (np.datetime64("2020-10-01") + planting.number(365, f"doubled day {turn}")).item()
    for at, port in enumerate((PORTS[0], PORTS[7])):
        exporter, importer = planting.pick("companies", "company_id", 2, f"doubled {turn} {at}")
        row = {"date": date, "exporter_id": exporter, "importer_id": importer, "container": container, "port": port}
        row |= {"hs6": "392690", "net_kg": 15_000 + at * 700, "value_usd": 90_000}
        planting.add("shipments", row, name, "shipment")


def _shared_telephone(planting: Planting, turn: int) -> None:
    name = planting.name("shared telephone")
    (phone,) = planting.pick("phones", "phone", 1, f"telephone {turn}")
    for at, person in enumerate(planting.pick("people", "person_id", 6, f"telephone {turn}")):
        row = {"phone": phone, "holder_id": person, "since": (np.datetime64("2019-01-01") + at * 40).item()}
        planting.add("phones", row, name, "telephone")
        planting.note("people", person, name, "holder")


def _cloned(planting: Planting, turn: int) -> None:
    name = planting.name("cloned vehicle")
    held = planting.tables["vehicles"]
    if not held.num_rows:
        return
    row = held.slice(planting.number(held.num_rows, f"cloned {turn}"), 1).to_pylist()[0]
    (person,) = planting.pick("people", "person_id", 1, f"cloned {turn}")
    plate = f"Z1{turn:06d}"
    there = {"country": "MX" if row["country"] == "US" else "US", "holder_id": person, "plate": plate}
    later = {"registered_on": row["registered_on"] + dt.timedelta(days=59)}
    planting.add("vehicles", {k: v for k, v in row.items() if k != "vehicle_id"} | there | later, name, "clone")
