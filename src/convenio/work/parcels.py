"""What a job needs and what it made: sealed tables, each parcel under a key of its own that is erased after a day.

The keys lie in the key store, so that a job begins anew after a restart and a copy of the data without the keys reads
nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from convenio.core.errors import NotFound
from convenio.core.words import _
from convenio.custody.keystore import KeyStore
from convenio.stores.sealed_tables import read_sealed, write_sealed

LASTS = dt.timedelta(days=1)
NAME = re.compile(r"[a-z0-9_-]{1,64}")
NOTES = "notes"


class Parcels:
    """The parcels of one node's jobs.

    Args:
        keys: the key store.
        folder: where the sealed tables lie.
        now: the clock.
    """

    def __init__(self, keys: KeyStore, folder: Path, now: Callable[[], dt.datetime]) -> None:
        self._keys = keys
        self._folder = folder
        self._now = now

    def put(self, number: str, tables: Mapping[str, pa.Table], notes: Mapping[str, Any]) -> None:
        """Seal tables with notes on them; a parcel that is there is replaced.

        Args:
            number: the parcel's number.
            tables: by name.
            notes: anything that JSON holds.
        """
        self.drop(number)
        place = self._place(number)
        place.mkdir(parents=True, mode=0o700)
        self.sweep()
        key = self._keys.create(_key(number))
        for name, each in tables.items():
            if not NAME.fullmatch(name):
                raise ValueError(name)
            write_sealed(each, place / f"table-{name}.parquet", key)
        told = json.dumps({"until": (self._now() + LASTS).isoformat(), **notes}, ensure_ascii=False)
        write_sealed(pa.table({NOTES: [told]}), place / f"{NOTES}.parquet", key)
        (place / "until").write_text((self._now() + LASTS).isoformat(), encoding="ascii")

    def notes(self, number: str) -> dict[str, Any]:
        """The notes of a parcel.

        Raises:
            NotFound: there is none, or its day is over.
        """
        made: dict[str, Any] = json.loads(self._read(number, f"{NOTES}.parquet").column(NOTES)[0].as_py())
        return made

    def tables(self, number: str) -> dict[str, pa.Table]:
        """The tables of a parcel, by name.

        Raises:
            NotFound: there is none, or its day is over.
        """
        self.notes(number)
        found = sorted(self._place(number).glob("table-*.parquet"))
        return {each.stem.removeprefix("table-"): self._read(number, each.name) for each in found}

    def drop(self, number: str) -> None:
        """Erase a parcel: first the key, then the file."""
        self._keys.erase(_key(number))
        shutil.rmtree(self._place(number), ignore_errors=True)

    def sweep(self) -> int:
        """Erase the parcels whose day is over; how many there were."""
        gone = 0
        for place in self._folder.glob("*/until"):
            if self._over(place):
                self.drop(place.parent.name)
                gone += 1
        return gone

    @staticmethod
    def key_of(number: str) -> str:
        """The name under which the key store keeps a parcel's key."""
        return _key(number)

    def _over(self, place: Path) -> bool:
        try:
            return dt.datetime.fromisoformat(place.read_text(encoding="ascii")) <= self._now()
        except (OSError, ValueError):
            return True

    def _read(self, number: str, name: str) -> pa.Table:
        place = self._place(number)
        if not (place / name).is_file() or not self._keys.has(_key(number)) or self._over(place / "until"):
            raise NotFound(
                _("this is not kept any more"),
                advice=_("results are kept for a day, sealed, for the one who ran the method; run it again"),
            )
        return read_sealed(place / name, self._keys.get(_key(number)))

    def _place(self, number: str) -> Path:
        if not NAME.fullmatch(number):
            raise NotFound(_("this is not kept any more"))
        return self._folder / number


def _key(number: str) -> str:
    return f"parcel/{number}"
