"""Made-up lists and customers with the truth beside them: nobody in them exists, and every identifier says so."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from convenio.entities.names.variants import CLASSES, NEEDS_BIRTH_DATE, Parts, variants
from convenio.world import World

NOMINEES = 12
_FIELDS = ("customer_id", "given", "paterno", "materno", "birth_date", "sex", "birth_state", "curp", "rfc")


_CUSTOMER = ("customer_id", "name", "birth_date", "sex", "birth_state", "curp", "rfc")


def write_example(folder: Path, *, customers: int = 2000, seed: int = 20211008) -> list[Path]:
    """Write `customers.csv`, `truth.csv` and a folder `list` with two states in OFAC's form.

    The second state adds four people and drops one. Each listed person is a customer under a variant of the name; half
    of them gave no CURP.
    """
    listed, held = planted(customers, seed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "list").mkdir(exist_ok=True)
    files = [
        folder / "customers.csv",
        folder / "truth.csv",
        folder / "list" / "sdn_2021-09-30.csv",
        folder / "list" / "sdn_2021-10-06.csv",
    ]
    with files[0].open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, fieldnames=["customer_id", "name", "birth_date", "sex", "birth_state", "curp", "rfc"]
        )
        writer.writeheader()
        writer.writerows({name: row.get(name) or "" for name in _CUSTOMER} for row in held)
    with files[1].open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=["customer_id", "entry_id", "variant"])
        writer.writeheader()
        writer.writerows(
            {"customer_id": row["customer_id"], "entry_id": row["entry_id"], "variant": row["variant"]}
            for row in held
            if "entry_id" in row
        )
    _write_sdn(files[2], listed[:-4])
    _write_sdn(files[3], listed[1:])
    return files


def planted(customers: int, seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Listed people and customers, the listed ones among them under variants of their names; rows of plain values."""
    people = World(seed=seed, people=customers + customers // 3 + 100).people()
    chosen = people.filter(people["curp"].is_valid()).select([*("person_id", *_FIELDS[1:])])
    rows = chosen.slice(0, customers).to_pylist()
    for row in rows:
        row["customer_id"] = "C" + row.pop("person_id")[1:]
        row["name"] = " ".join(each for each in (row["given"], row["paterno"], row["materno"]) if each)
    with_both = [at for at, row in enumerate(rows) if row["materno"]]
    step = max(1, len(with_both) // NOMINEES)
    kinds = [kind for kind in CLASSES if kind not in NEEDS_BIRTH_DATE]
    listed: list[dict[str, Any]] = []
    for number, at in enumerate(with_both[::step][:NOMINEES]):
        row = rows[at]
        listed.append({"entry_id": str(90001 + number), **{each: row[each] for each in _FIELDS[1:]}})
        parts = Parts(row["given"].upper(), row["paterno"].upper(), row["materno"].upper())
        made = dict(variants(parts, seed=seed))
        fitting = [kind for kind in kinds[2 * number :] + kinds[: 2 * number] if kind in made]
        row |= {"name": made[fitting[0]], "entry_id": listed[-1]["entry_id"], "variant": fitting[0]}
        if number % 2:
            row |= {"curp": None, "rfc": None}
    return listed, rows


def _write_sdn(path: Path, listed: list[dict[str, Any]]) -> None:
    """The people in the form of OFAC's `sdn.csv`, end mark included."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
        writer.writerows(_sdn_rows(listed))
        file.write("\x1a")


def _sdn_rows(listed: list[dict[str, Any]]) -> Iterator[list[str]]:
    for row in listed:
        born: dt.date = row["birth_date"]
        surnames = f"{row['paterno']} {row['materno']}".upper()
        remarks = (
            f"DOB {born.day:02} {born:%b} {born.year}; nationality Mexico; citizen Mexico; "
            f"C.U.R.P. {row['curp']} (Mexico); R.F.C. {row['rfc']} (Mexico)."
        )
        yield [row["entry_id"], f"{surnames}, {row['given']}", "individual", "EXAMPLE", *["-0- "] * 7, remarks]
