"""The world of one seed."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from convenio.core.errors import Conflict, InputError
from convenio.core.words import _
from convenio.world.companies import companies, officers, owners
from convenio.world.customers import with_accounts
from convenio.world.draw import Draw
from convenio.world.families import relatives
from convenio.world.money import accounts, transfers
from convenio.world.patterns import plant_patterns
from convenio.world.people import people
from convenio.world.plant import Planted, plant
from convenio.world.registers import registers
from convenio.world.things import shipments, telephones, vehicles
from convenio.world.variants import variants

MOST, LEAST = 5_000_000, 200


class World:
    """A made-up population and what belongs to it; the same on every machine for the same seed.

    Args:
        seed: any integer; other seeds give other worlds.
        people: how many people live in it.

    Raises:
        InputError: fewer than none or more than five million people.
    """

    def __init__(self, seed: int = 20211008, people: int = 200_000) -> None:
        if not 0 <= people <= MOST:
            raise InputError(
                _("a world of {people} people cannot be made", people=people),
                advice=_("ask for 0 to {most} people", most=MOST),
            )
        self.seed = seed
        self.size = people
        self._draw = Draw(seed)

    def people(self) -> pa.Table:
        """The people by `world.people.SCHEMA`, one row each."""
        return self._people

    def customers(self) -> pa.Table:
        """Everyone with a CURP as the customer of a made-up institution, by `world.customers.SCHEMA`, one row each."""
        everyone = self._people
        return with_accounts(self._draw, everyone.filter(pc.is_valid(everyone.column("curp"))))

    def plant(self, *, shared: int = 4, nominees: int = 12, customers: int | None = None) -> Planted:
        """Two parties' tables with exactly `shared` people in common, and the truth beside them.

        Args:
            shared: people whom both know, under the same CURP.
            nominees: people the asker knows, the shared ones included.
            customers: people the holder knows, all with a CURP; as many as live in the world when left out.

        Raises:
            InputError: more are to be shared than there are nominees or customers.
        """
        held = self.size if customers is None else customers
        return plant(self._draw, shared=shared, nominees=nominees, customers=held)

    def register(self, register: str = "V", people: pa.Table | None = None) -> pa.Table:
        """The people (or some of them) as another register writes them, by `world.variants.SCHEMA`.

        Args:
            register: prefix of the record's identifiers; each register draws its own differences.
            people: rows of `people`; everyone when left out.
        """
        return variants(self._draw, self._people if people is None else people, register=register)

    def relatives(self, people: pa.Table | None = None) -> pa.Table:
        """A sibling, twin or namesake of each person (or of those given), by `world.families.SCHEMA`."""
        return relatives(self._draw, self._people if people is None else people)

    def tables(self, *, patterns: int | None = None) -> dict[str, pa.Table]:
        """Everything that the world holds, by name, with the truth of what was planted.

        Args:
            patterns: how many of each kind are planted (`world.patterns`); one per 10,000 people when left out, and
                at least one.

        Returns:
            `people`, `companies` (one per twenty people), `officers`, `owners`, `accounts`, `transfers` (five per
            account), `phones`, `vehicles`, `shipments` (five per company), `truth`; `register_one` and `register_two`
            (`world.registers`), `truth_registers`.

        Raises:
            InputError: fewer than 200 people, too few to plant anything among.
        """
        if self.size < LEAST:
            raise InputError(
                _("a world of {people} people is too small for companies and payments", people=self.size),
                advice=_("ask for {least} people or more", least=LEAST),
            )
        everyone, firms = self._people, companies(self._draw, self.size // 20)
        held = accounts(self._draw, self.size, firms, everyone.column("country").combine_chunks())
        made = {
            "people": everyone,
            "companies": firms,
            "officers": officers(self._draw, firms, self.size),
            "owners": owners(self._draw, firms, self.size),
            "accounts": held,
            "transfers": transfers(self._draw, held, 5 * held.num_rows),
            "phones": telephones(self._draw, everyone),
            "vehicles": vehicles(self._draw, everyone),
            "shipments": shipments(self._draw, firms, 5 * firms.num_rows),
        }
        each = max(1, self.size // 10_000) if patterns is None else patterns
        return plant_patterns(self._draw, made, each) | registers(self._draw, everyone)

    def write(self, folder: Path, *, patterns: int | None = None) -> dict[str, int]:
        """Write `tables` as Parquet files into a new or empty folder; the truth goes to `truth/` beside them.

        Returns:
            Number of rows by table.

        Raises:
            Conflict: the folder holds something already.
        """
        import pyarrow.parquet as pq

        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Conflict(
                _("there is something here already"),
                where=str(folder),
                advice=_("name a folder that is new or empty"),
                kept=_("nothing was written"),
            )
        made = self.tables(patterns=patterns)
        (folder / "truth").mkdir(parents=True)
        for name, table in made.items():
            place = folder / "truth" if name.startswith("truth") else folder
            pq.write_table(table, place / f"{name}.parquet")
        return {name: table.num_rows for name, table in made.items()}

    @cached_property
    def _people(self) -> pa.Table:
        return people(self._draw, self.size)
