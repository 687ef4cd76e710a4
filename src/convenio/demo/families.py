"""Remains found on one side are held against the families who wait on the other; no genotype of a family leaves it."""

from __future__ import annotations

from convenio.demo.cast import MX, SEARCH
from convenio.demo.stage import Stage


def compare(stage: Stage) -> tuple[int, int, int]:
    """Mexico's search commission compares made-up remains of the other side with its families.

    Args:
        stage: where it plays.

    Returns:
        How many remains were compared, for how many a joint comparison is worth while, and how many candidates the
        commission's analyst has decided.
    """
    from convenio.node.node import open_node
    from convenio.programs.missing.demo import compare_remains
    from convenio.work.queue import Queue

    analyst = next(each for each in MX.players if each.agency == SEARCH and "analyst" in each.roles)
    node = open_node(stage.settings[MX.party].home)
    try:
        person, queue = node.people.person(analyst.name), Queue(node.store, node.clock)
        told = compare_remains(queue, person)
    finally:
        node.close()
    worth = sum(bool(each["worth_while"]) for each in told.answers.values())
    return len(told.answers), worth, told.decided
