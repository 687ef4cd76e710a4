"""Two made-up registers of people to tell apart and join, and the truth about them."""

from __future__ import annotations

import pyarrow as pa

from convenio.world.draw import Draw
from convenio.world.families import relatives
from convenio.world.variants import SCHEMA as WRITTEN
from convenio.world.variants import variants

TRUTH = pa.schema(
    [
        pa.field("table", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("person_id", pa.string(), nullable=False),
        pa.field("differences", pa.string(), nullable=False),
    ]
)
_TOLD = ("person_id", "differences")


def registers(draw: Draw, people: pa.Table) -> dict[str, pa.Table]:
    """Two registers, `register_one` and `register_two`, and `truth_registers`.

    The first holds seven people in ten. The second holds seven in ten of whom four stand in the first as well, three
    in a hundred of its own people twice, and relatives of five in a hundred people of the first.

    Args:
        draw: the world's draws.
        people: columns of `world.people.SCHEMA`.
    """
    size = people.num_rows
    kin = relatives(draw, people.slice(0, size // 20)).select(people.column_names)
    held = {
        "register_one": [("U", people.slice(0, size * 7 // 10))],
        "register_two": [
            ("V", pa.concat_tables([people.slice(size * 3 // 10), kin])),
            ("W", people.slice(size // 2, size * 7 * 3 // 1000)),
        ],
    }
    made, truth = {}, []
    for name, parts in held.items():
        whole = pa.concat_tables([variants(draw, each, register=register) for register, each in parts])
        whole = whole.take(pa.array(draw.shuffled(whole.num_rows, f"order of {name}")))
        made[name] = whole.select([field.name for field in WRITTEN if field.name not in _TOLD])
        columns = [whole.column(each) for each in ("record_id", *_TOLD)]
        label = pa.array([name] * whole.num_rows, pa.string())
        truth.append(pa.Table.from_arrays([label, *columns], schema=TRUTH))
    return {**made, "truth_registers": pa.concat_tables(truth)}
