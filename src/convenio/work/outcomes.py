"""What became of the findings of a program: states and days, for counting; no finding can be told from it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from convenio.stores.operational import Store
from convenio.work.tables import FindingRow

DECIDED = ("verified", "dismissed")


@dataclass(frozen=True)
class Outcome:
    """One finding without its content, its people and its agency.

    Args:
        method: which method claimed it.
        state: new, assigned, verified or dismissed.
        days: whole days from the claim to the decision; None while nobody has decided.
    """

    method: str
    state: str
    days: int | None


def outcomes(store: Store, program: str) -> list[Outcome]:
    """The outcome of every finding of a program, across the party's agencies, for aggregates alone."""
    wanted = select(FindingRow.method, FindingRow.state, FindingRow.made_at, FindingRow.changed_at).where(
        FindingRow.program == program
    )
    with store.reading() as session:
        rows = session.execute(wanted).all()
    return [
        Outcome(method, state, max(0, (changed - made).days) if state in DECIDED else None)
        for method, state, made, changed in rows
    ]
