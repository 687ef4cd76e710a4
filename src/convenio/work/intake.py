"""Files on their way into a node: looked at, mapped and checked as often as it takes, sealed in between."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from convenio.core.errors import NotFound
from convenio.core.words import _
from convenio.people.accounts import Person
from convenio.work.parcels import Parcels

FILE, PART = "file", 1 << 24


class Intake:
    """The files that people of this node are looking at, each for its owner, for a day.

    Args:
        parcels: keep them sealed.
    """

    def __init__(self, parcels: Parcels) -> None:
        self._parcels = parcels

    def bring(self, person: Person, name: str, path: Path) -> str:
        """Seal a file; its number."""
        number = secrets.token_hex(8)
        with path.open("rb") as file:
            parts = list(iter(lambda: file.read(PART), b""))
        table = pa.table({FILE: pa.array(parts, pa.large_binary())})
        self._parcels.put(number, {FILE: table}, {"owner": person.name, "name": name})
        return number

    @contextmanager
    def opened(self, person: Person, number: str) -> Iterator[Path]:
        """The file, under its own name, in a folder that is gone afterwards.

        Raises:
            NotFound: there is none for this person, or its day is over.
        """
        notes = self._parcels.notes(number)
        if notes.get("owner") != person.name:
            raise NotFound(_("this is not kept any more"))
        with tempfile.TemporaryDirectory(prefix="convenio-") as folder:
            path = Path(folder) / str(notes["name"])
            with path.open("wb") as out:
                for each in self._parcels.tables(number)[FILE].column(FILE):
                    out.write(each.as_py())
            yield path

    def drop(self, person: Person, number: str) -> None:
        """Let go of a file."""
        if self._parcels.notes(number).get("owner") == person.name:
            self._parcels.drop(number)
