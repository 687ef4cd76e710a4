"""The made-up world: CPU seconds for 200,000 people, for subjects planted among them, and for every table."""

from __future__ import annotations

from bench.harness import Row, clock, shell
from convenio.world import World


def run(*, quick: bool) -> list[Row]:
    size = 20_000 if quick else 200_000
    world = World(people=size)
    with clock() as people:
        world.people()
    with clock() as planted:
        world.plant()
    with clock() as tables:
        made = world.tables()
    rows = sum(table.num_rows for table in made.values())
    goal = "at most 5 s for 200,000 people"
    return [
        Row(f"{size:,} people", people.cpu, "CPU s", goal=goal, met=people.cpu <= 5),
        Row(f"{size:,} customers with four nominees planted", planted.cpu, "CPU s"),
        Row("every table, people made before", tables.cpu, "CPU s", note=f"{rows:,} rows in {len(made)} tables"),
    ]


if __name__ == "__main__":
    shell(run)
