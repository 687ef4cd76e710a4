"""The same people as another register writes them, with what was changed beside each record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

from convenio.world import misspelling as change
from convenio.world.contact import addresses, numbered, one_line, phones
from convenio.world.draw import Draw

DIFFERENCES = {
    "typo in given": 35,
    "typo in paterno": 35,
    "typo in materno": 35,
    "spelt by ear": 60,
    "shortened": 60,
    "nickname": 25,
    "second given left out": 250,
    "materno left out": 150,
    "surnames swapped": 15,
    "particles left out": 300,
    "married name": 40,
    "day and month swapped": 20,
    "one digit of the birth date": 25,
    "birth date left out": 30,
}
"""How often each difference is drawn, per mille; one that does not apply to a name changes nothing."""

LEFT_OUT = {"curp": 450, "rfc": 600, "passport": 300}
MISTYPED_CURP, MOVED, NEW_PHONE = 15, 220, 300

SCHEMA = pa.schema(
    [
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("given", pa.string()),
        pa.field("paterno", pa.string()),
        pa.field("materno", pa.string()),
        pa.field("name", pa.string(), nullable=False),
        pa.field("sex", pa.string()),
        pa.field("birth_date", pa.date32()),
        pa.field("curp", pa.string()),
        pa.field("rfc", pa.string()),
        pa.field("passport", pa.string()),
        pa.field("phone", pa.string()),
        pa.field("address", pa.string()),
        pa.field("country", pa.string(), nullable=False),
        pa.field("person_id", pa.string(), nullable=False),
        pa.field("differences", pa.string(), nullable=False),
    ]
)
"""The last two columns are the truth: who it is, and what was changed, joined by `+`."""


def variants(draw: Draw, people: pa.Table, *, register: str = "V") -> pa.Table:
    """One record per person, written as another register would.

    Args:
        draw: the world's draws.
        people: columns of `world.people.SCHEMA`.
        register: prefix of the record's identifiers; each register draws its own differences.

    Returns:
        One row per person by `SCHEMA`, in the same order.
    """
    size, use = people.num_rows, f"register {register}"
    happens = {name: draw.happens(often, size, f"{use} {name}") for name, often in DIFFERENCES.items()}
    numbers = draw.below(1 << 20, size * 4, f"{use} numbers").reshape(size, 4)
    columns = [people.column(each).to_pylist() for each in ("given", "paterno", "materno", "sex", "birth_date")]
    made: dict[str, list[Any]] = {name: [] for name in ("given", "paterno", "materno", "birth_date", "differences")}
    for at, (given, paterno, materno, sex, born) in enumerate(zip(*columns, strict=True)):
        wanted = [name for name in DIFFERENCES if happens[name][at]]
        row = {"given": change.capitals(given), "paterno": change.capitals(paterno), "birth_date": born, "sex": sex}
        row["materno"] = change.capitals(materno) if materno else None
        done = [name for name in wanted if _apply(name, row, numbers[at], columns[1][at - 1])]
        row["differences"] = "+".join(done)
        for name, values in made.items():
            values.append(row[name])
    return _table(draw, people, made, register, use)


def _table(draw: Draw, people: pa.Table, made: dict[str, list[Any]], register: str, use: str) -> pa.Table:
    import pyarrow.compute as pc

    size = people.num_rows
    moved = pa.array(draw.happens(MOVED, size, f"{use} moved"))
    us = np.asarray(people.column("country").to_pylist()) == "US"
    phone = phones(5_000_000 + draw.below(4_000_000, size, f"{use} phone"), us)
    names = [pa.array(made[each], pa.string()) for each in ("given", "paterno", "materno")]
    columns = {name: pa.array(made[name], SCHEMA.field(name).type) for name in ("birth_date", "differences")}
    columns |= dict(zip(("given", "paterno", "materno"), names, strict=True))
    columns["record_id"] = numbered(register, size)
    columns["name"] = pc.binary_join_element_wise(*names, " ", null_handling="skip")
    home = one_line(addresses(draw, size, us, f"{use} home"), us)
    columns["address"] = pc.if_else(moved, home, people.column("address"))
    changed = pa.array(draw.happens(NEW_PHONE, size, f"{use} new phone"))
    columns["phone"] = pc.if_else(changed, phone, people.column("phone"))
    for name, often in LEFT_OUT.items():
        gone = pa.array(draw.happens(often, size, f"{use} {name} left out"))
        columns[name] = pc.if_else(gone, pa.scalar(None, pa.string()), people.column(name))
    columns["curp"] = _mistyped(draw, columns["curp"], use)
    every = [columns[f.name] if f.name in columns else people.column(f.name) for f in SCHEMA]
    return pa.Table.from_arrays(every, schema=SCHEMA)


def _mistyped(draw: Draw, curps: pa.Array, use: str) -> pa.Array:
    values = curps.to_pylist()
    wrong = np.flatnonzero(draw.happens(MISTYPED_CURP, len(values), f"{use} curp mistyped"))
    where = draw.below(16, len(values), f"{use} curp place")
    for at in wrong:
        if values[at]:
            place = int(where[at])
            held = values[at][place]
            put = "0" if held.isalpha() else str((int(held) + 1) % 10)
            values[at] = values[at][:place] + put + values[at][place + 1 :]
    return pa.array(values, pa.string())


def _apply(name: str, row: dict[str, Any], drawn: Any, neighbour: str) -> bool:
    """Make one difference in `row`; whether it changed anything."""
    before, which = dict(row), int(drawn[3])
    if name.startswith("typo in "):
        _mistype(row, name.removeprefix("typo in "), drawn)
    elif name == "spelt by ear":
        column = _NAMES[which % 3]
        row[column] = row[column] and change.by_ear(row[column], which)
    elif name in _WHOLE:
        row.update({column: row[column] and _WHOLE[name](row[column]) for column in _NAMES})
    elif name == "materno left out":
        row["materno"] = None
    elif name == "married name" and row["sex"] == "F":
        row["materno"] = "DE " + change.capitals(neighbour)
    elif name == "surnames swapped" and row["materno"]:
        row["paterno"], row["materno"] = row["materno"], row["paterno"]
    elif name in _GIVEN:
        row["given"] = _GIVEN[name](row["given"])
    elif row["birth_date"] is not None:
        row["birth_date"] = _date(name, row["birth_date"], which)
    return row != before


def _mistype(row: dict[str, Any], column: str, drawn: Any) -> None:
    words = (row[column] or "").split()
    if words:
        at = int(drawn[3]) % len(words)
        words[at] = change.typo(words[at], drawn[:3])
        row[column] = " ".join(words)


def _nickname(given: str) -> str:
    return change.NICKNAMES.get(given.split(maxsplit=1)[0], given)


def _first_given(given: str) -> str:
    return given if " DE " in given else given.split(maxsplit=1)[0]


_NAMES = ("given", "paterno", "materno")
_WHOLE = {"particles left out": change.without_particles, "shortened": change.shortened}
_GIVEN = {"nickname": _nickname, "second given left out": _first_given}


def _date(name: str, born: dt.date, which: int) -> dt.date | None:
    if name == "birth date left out":
        return None
    if name == "day and month swapped":
        return born.replace(month=born.day, day=born.month) if born.day <= 12 else born
    if name == "one digit of the birth date":
        text = born.strftime("%Y%m%d")
        for turn in range(60):
            at, digit = 3 + (which + turn) % 5, (which // 7 + turn) % 10
            try:
                put = dt.datetime.strptime(text[:at] + str(digit) + text[at + 1 :], "%Y%m%d").date()  # noqa: DTZ007
            except ValueError:
                continue
            if put != born:
                return put
    return born
