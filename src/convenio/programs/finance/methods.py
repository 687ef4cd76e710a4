"""The program's declared methods, and the functions that scientists import.

>>> from convenio.programs.finance.methods import compare_names
>>> compare_names("Chuy Quintero Rdz.", "QUINTERO RODRIGUEZ, Jesus") >= 0.70
True
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import pyarrow as pa

from convenio.core.method import Params, TableInput, method, param
from convenio.core.words import _
from convenio.entities.names import compare_names
from convenio.programs.finance.schema import Customer, HitDecision, Listed, ScreeningHit, ThresholdLoad
from convenio.programs.finance.screening.held import held
from convenio.programs.finance.screening.party import parties
from convenio.programs.finance.screening.results import hits_table
from convenio.programs.finance.screening.weigh import THRESHOLD
from convenio.programs.finance.screening.workload import LOWEST
from convenio.programs.finance.screening.workload import workload as loads_of

__all__ = ["compare_names", "screen", "workload"]

LITERATURE = (
    "Fellegi & Sunter 1969, J Am Stat Assoc 64:1183 (weights of evidence)",
    "Winkler 1989, Proc Bur Census Ann Res Conf 5:145 (rare values weigh more)",
    "Mor & Fraenkel 1982, Commun ACM 25:935 (words found by leaving letters out)",
)


class ScreenParams(Params):
    """What a screening is told."""

    threshold: float = param(_("score from which a pair is a hit"), THRESHOLD, gt=0, le=1)
    prior: float | None = param(
        _("probability, before looking, that a customer is a given listed party"), None, gt=0, lt=1
    )


@method(
    "finance",
    "screen",
    title=_("Screening"),
    summary=_("Which customers may be listed parties, and what speaks for and against each."),
    params=ScreenParams,
    inputs={
        "customers": TableInput(Customer, _("customers")),
        "listed": TableInput(Listed, _("listed parties")),
    },
    output=ScreeningHit,
    literature=LITERATURE,
    score_meaning=_(
        "a similarity on which 0.70 and above is a hit, moved by birth date, place, sex and identifiers; not a "
        "probability: the likelihood ratio beside it is the weight of evidence"
    ),
    partition="rows",
)
def screen(
    customers: pa.Table,
    listed: pa.Table,
    *,
    threshold: float = THRESHOLD,
    prior: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> pa.Table:
    """Screen customers against listed parties.

    Args:
        customers: columns of `Customer`; `customer_id` and a name are enough.
        listed: columns of `Listed`, one row per name; `sources.tables.as_table` makes it from entries.
        threshold: score from which a pair is a hit, above 0 and at most 1.
        prior: probability, before looking, that a customer picked at random is a given listed party.
        progress: told the share of customers done.

    Returns:
        One row per hit by the schema of `ScreeningHit`, in the order of the customers, best hit first.

    Raises:
        InputError: a threshold or prior that cannot be, a customer without a name, a date that does not exist.
    """
    screener = held(listed, threshold=threshold, prior=prior)
    hits = []
    for done, known in enumerate(parties(customers), start=1):
        hits += screener.hits(known)
        if progress is not None and done % 1000 == 0:
            progress(done / customers.num_rows)
    return hits_table(hits)


class WorkloadParams(Params):
    """What a workload is computed with."""

    minutes: float = param(_("minutes that one hit takes a person"), 6.0, gt=0, le=600)


@method(
    "finance",
    "workload",
    title=_("Workload and tuning"),
    summary=_("How much work each threshold makes, and what it would have missed and saved on past decisions."),
    params=WorkloadParams,
    inputs={
        "customers": TableInput(Customer, _("customers")),
        "listed": TableInput(Listed, _("listed parties")),
        "decisions": TableInput(HitDecision, _("decisions on earlier hits"), optional=True),
    },
    output=ThresholdLoad,
    literature=LITERATURE[:1],
)
def workload(
    customers: pa.Table, listed: pa.Table, decisions: pa.Table | None = None, *, minutes: float = 6.0
) -> pa.Table:
    """Count the hits at each threshold from 0.50 to 1.

    Args:
        customers: columns of `Customer`.
        listed: columns of `Listed`.
        decisions: columns of `HitDecision`, what people decided on hits before; tells what a threshold would have
            missed (confirmed hits below it) and saved (false hits below it).
        minutes: time that one hit takes a person.

    Returns:
        One row per threshold by the schema of `ThresholdLoad`, lowest first.

    Raises:
        InputError: as `screen`.
    """
    screener = held(listed, threshold=LOWEST)
    rows = decisions.to_pylist() if decisions is not None else []
    decided = {(row["customer_id"], row["source"], row["entry_id"]): bool(row["is_listed"]) for row in rows}
    loads = loads_of(screener.screen(parties(customers)), customers.num_rows, decided, minutes=minutes)
    return pa.Table.from_pylist([asdict(each) for each in loads], schema=ThresholdLoad.arrow_schema())
