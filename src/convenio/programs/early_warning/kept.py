"""The counts an agency keeps in its node, every vintage of them, and what each run found. Never a person."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from convenio.core.errors import InputError, NotFound
from convenio.core.words import _
from convenio.programs.early_warning.schema import Alarm, Count

MOST_RUNS = 500


@dataclass(frozen=True)
class Kept:
    """One collection of counts.

    Args:
        id: its name in addresses.
        title: what people call it.
        map: the map that its places stand on, by its name in the node; empty without one.
        rows: how many counts, all vintages.
        vintages: the days on which counts were known, oldest first.
        by: who brought in the last of it.
        at: when.
    """

    id: str
    title: str
    map: str = ""
    rows: int = 0
    vintages: tuple[str, ...] = ()
    by: str = ""
    at: str = ""


@dataclass(frozen=True)
class Run:
    """One run of detection over a collection.

    Args:
        at: when.
        by: who.
        params: what detection was told.
        tested: series under test.
        alarms: the rows that were alarms, with `finding`, the id in the queue.
        new: how many of them were new there.
        job: the number of the job that did it; empty for one that was run without.
    """

    at: str
    by: str
    params: Mapping[str, Any]
    tested: int
    alarms: Sequence[Mapping[str, Any]]
    new: int = 0
    job: str = ""


class Shelf:
    """The collections of one agency, each in a folder of its own.

    Args:
        home: the program's folder in the node.
        agency: whose they are; no other agency's are seen.
    """

    def __init__(self, home: Path, agency: str) -> None:
        self._home = home / "counts" / hashlib.sha256(agency.encode()).hexdigest()[:24]

    def all(self) -> list[Kept]:
        """Every collection, by title."""
        found = [self._read(path) for path in sorted(self._home.glob("[!.]*/about.json"))]
        return sorted(found, key=lambda each: each.title.casefold())

    def get(self, number: str) -> Kept:
        """One collection.

        Raises:
            NotFound: this agency keeps no such collection.
        """
        path = self._home / number / "about.json"
        if not number.isalnum() or not path.is_file():
            raise NotFound(_("there are no such counts here"), where=number[:40])
        return self._read(path)

    def take(self, title: str, counts: pa.Table, *, chosen_map: str, by: str, now: dt.datetime) -> Kept:
        """Take counts in; of the same title they are a further vintage, and what was known before stays known.

        Only a count of the same place, period and day on which it was known takes the place of one that is held.

        Args:
            title: what people call the collection.
            counts: columns of `Count`; those that do not say when they were known are known today.
            chosen_map: the map that its places stand on; empty for what it was.
            by: who brings them in.
            now: the node's clock.

        Raises:
            InputError: the title says nothing.
        """
        title = " ".join(title.split())[:120]
        if not title:
            raise InputError(_("give the counts a title"))
        number = hashlib.sha256(title.casefold().encode()).hexdigest()[:16]
        folder = self._home / number
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _alone(folder):
            return self._taken(folder, title, counts, chosen_map=chosen_map, by=by, now=now)

    def _taken(self, folder: Path, title: str, counts: pa.Table, *, chosen_map: str, by: str, now: dt.datetime) -> Kept:
        fresh = _known(counts, now.date())
        path = folder / "counts.parquet"
        held = pq.read_table(path).cast(Count.arrow_schema()) if path.exists() else Count.arrow_schema().empty_table()
        whole = pa.concat_tables([_others(held, fresh), fresh])
        _replace(path, lambda part: pq.write_table(whole, part, compression="zstd"))
        before = self._read(folder / "about.json") if (folder / "about.json").exists() else Kept(folder.name, title)
        vintages = sorted(str(each) for each in pc.unique(whole.column("known_on")).to_pylist())
        made = replace(
            before,
            map=chosen_map or before.map,
            rows=whole.num_rows,
            vintages=tuple(vintages),
            by=by,
            at=now.isoformat(timespec="seconds"),
        )
        text = json.dumps(asdict(made), ensure_ascii=False)
        _replace(folder / "about.json", lambda part: part.write_text(text, encoding="utf-8"))
        return made

    def counts(self, number: str) -> pa.Table:
        """The counts of a collection, every vintage."""
        self.get(number)
        return pq.read_table(self._home / number / "counts.parquet").cast(Count.arrow_schema())

    def ran(self, number: str, run: Run, result: pa.Table) -> None:
        """Keep what a run found; the newest result whole, of every run its alarms.

        A job that was stopped after its end was kept, and begun anew, is one run: what it put into the queue the first
        time stays new.
        """
        self.get(number)
        folder = self._home / number
        with _alone(folder):
            _replace(folder / "result.parquet", lambda part: pq.write_table(result, part, compression="zstd"))
            before = self.runs(number)
            same = [each for each in before if run.job and each.job == run.job]
            kept = replace(run, new=max(each.new for each in (*same, run)))
            held = [*(each for each in before if each not in same), kept]
            lines = [json.dumps(asdict(each), ensure_ascii=False, default=str) for each in held]
            text = "".join(f"{line}\n" for line in lines[-MOST_RUNS:])
            _replace(folder / "runs.jsonl", lambda part: part.write_text(text, encoding="utf-8"))

    def run_of(self, number: str, job: str) -> Run | None:
        """The run that a job did; None where there is none."""
        return next((each for each in self.runs(number) if job and each.job == job), None)

    def runs(self, number: str) -> list[Run]:
        """Every run, oldest first."""
        path = self._home / number / "runs.jsonl"
        if not number.isalnum() or not path.exists():
            return []
        return [Run(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]

    def result(self, number: str) -> pa.Table:
        """The newest result; empty before the first run."""
        path = self._home / number / "result.parquet"
        schema = Alarm.arrow_schema()
        if not number.isalnum() or not path.exists():
            return schema.empty_table()
        return pq.read_table(path).cast(schema)

    @staticmethod
    def _read(path: Path) -> Kept:
        held = json.loads(path.read_text(encoding="utf-8"))
        return Kept(**{**held, "vintages": tuple(held["vintages"])})


def _others(held: pa.Table, fresh: pa.Table) -> pa.Table:
    """The rows that no fresh row stands for: another series, period, or day on which it was known."""
    keys = ["series", "substance", "period", "known_on"]

    def keyed(table: pa.Table) -> pa.Table:
        substance = pc.fill_null(table.column("substance"), "")
        return table.select(keys).set_column(1, "substance", substance)

    numbered = keyed(held).append_column("at", pa.array(range(held.num_rows), pa.int64()))
    left = numbered.join(keyed(fresh), keys, join_type="left anti").column("at")
    return held.take(pa.array(sorted(left.to_pylist()), pa.int64()))


def _known(counts: pa.Table, today: dt.date) -> pa.Table:
    held = counts.column("known_on")
    if not held.null_count:
        return counts
    at = counts.schema.get_field_index("known_on")
    return counts.set_column(at, counts.schema.field("known_on"), pc.fill_null(held, pa.scalar(today, pa.date32())))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One who writes at a time, in whichever process."""
    with (folder / ".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _replace(path: Path, write: Any) -> None:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
