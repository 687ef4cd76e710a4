"""Both health agencies look for what rises, each over its own counts; no count crosses the border."""

from __future__ import annotations

from convenio.demo.cast import HEALTH, Side
from convenio.demo.stage import Stage


def look(stage: Stage, side: Side) -> tuple[int, int]:
    """One side's health agency brings in made-up counts and runs detection.

    Args:
        stage: where it plays.
        side: which side.

    Returns:
        How many alarms were raised, and how many its analyst has decided.
    """
    from convenio.node.node import open_node
    from convenio.programs.early_warning.demo import show_alerts
    from convenio.work.queue import Queue

    analyst = next(each for each in side.players if each.agency == HEALTH[side.party] and "analyst" in each.roles)
    home = stage.settings[side.party].home
    node = open_node(home)
    try:
        person, queue = node.people.person(analyst.name), Queue(node.store, node.clock)
        return show_alerts(home / "programs" / "early_warning", side.party, queue, person, node.clock())
    finally:
        node.close()
