"""The program's part of the story: nominees whose CURP is not known are screened by name and birth date."""

from __future__ import annotations

import pyarrow as pa

from convenio.programs.finance.schema import BirthDate, Identifier, ListedName, ListEntry
from convenio.programs.finance.screening.party import parties
from convenio.programs.finance.screening.results import hits_table
from convenio.programs.finance.screening.screener import Screener

SOURCE = "nominees"


def nominees_as_entries(nominees: pa.Table, *, with_curp: bool = False) -> list[ListEntry]:
    """Nominees of the made-up world as entries of a list.

    Args:
        nominees: columns `person_id`, `given`, `paterno`, `materno`, `birth_date`, `sex` and, where it is to be used,
            `curp`, as `World.plant` makes them.
        with_curp: whether the CURP is known to the asker.
    """
    return [
        ListEntry(
            source=SOURCE,
            id=row["person_id"],
            kind="person",
            names=(
                ListedName(f"{' '.join(each for each in (row['paterno'], row['materno']) if each)}, {row['given']}"),
            ),
            gender={"F": "female", "M": "male"}.get(row.get("sex") or "", ""),
            birth_dates=(BirthDate(str(row["birth_date"]), str(row["birth_date"])),) if row.get("birth_date") else (),
            identifiers=(Identifier("curp", row["curp"]),) if with_curp and row.get("curp") else (),
        )
        for row in nominees.to_pylist()
    ]


def screen_nominees(nominees: pa.Table, customers: pa.Table, *, with_curp: bool = False) -> pa.Table:
    """Screen a holder's customers for the asker's nominees, by name and birth date where no CURP is known.

    Args:
        nominees: as `nominees_as_entries` takes them.
        customers: columns `person_id` and the names, with `birth_date`, `sex` and `curp` where they are known.
        with_curp: whether the asker knows the nominees' CURP.

    Returns:
        One row per hit by the schema of `ScreeningHit`; `customer_id` is the customer's `person_id`, `entry_id` the
        nominee's.
    """
    if "customer_id" not in customers.column_names:
        customers = customers.append_column("customer_id", customers.column("person_id"))
    screener = Screener(nominees_as_entries(nominees, with_curp=with_curp))
    return hits_table(screener.screen(parties(customers)))
