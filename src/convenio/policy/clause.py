"""A clause: one permission of an agreement, in words for people and in a part for machines."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from convenio.core.finding import Text
from convenio.core.marking import Audience, JudicialUse, PermittedAction
from convenio.core.record import SubjectRole
from convenio.core.words import _
from convenio.policy.reading import Misfit

Action = Literal["match", "request", "release", "aggregate"]
Level = Literal["person", "aggregate"]
ClauseOnward = Literal["none", "consent"]
Superseded = Literal["erase", "block"]
ACTIONS: tuple[Action, ...] = get_args(Action)

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")]
Codes = Annotated[tuple[Code, ...], Field(min_length=1, max_length=200)]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]


class Part(BaseModel):
    """Base of everything in an agreement: what is not known is refused, and nothing changes once it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Text):
    """A text in both languages that may be a page long."""

    en: str = Field(min_length=1, max_length=20_000)
    es: str = Field(min_length=1, max_length=20_000)

    @model_validator(mode="after")
    def _two_texts(self) -> Words:
        for language in ("en", "es"):
            if not getattr(self, language).strip():
                wanted = _("the Spanish is missing") if language == "es" else _("the English is missing")
                raise Misfit(wanted, field=language)
        return self


class Askers(Part):
    """Who may ask: a person in one of these roles, at one of these agencies.

    Args:
        roles: roles of the asker; at least one.
        agencies: agencies of the asker; at least one.
    """

    roles: Codes
    agencies: Codes


class Budgets(Part):
    """Upper bounds per asking party and clause; a bound that is not given does not exist.

    Args:
        keys_per_run: match keys in one blind match.
        keys_per_day: match keys in one day (UTC).
        requests_per_day: requests in one day (UTC).
        subjects_per_request: people in one request or release.
    """

    keys_per_run: Count | None = None
    keys_per_day: Count | None = None
    requests_per_day: Count | None = None
    subjects_per_request: Count | None = None


class Clause(Part):
    """One permission.

    Args:
        id: short name within the agreement.
        title: heading.
        text: the clause as people agreed it.
        purpose: the one purpose it serves.
        categories: categories of data it covers.
        fields: fields that may be asked for and released.
        askers: who may ask.
        for_parties: the parties that may ask and receive; all parties of the agreement where it is not given.
        actions: what it permits.
        level: `person` for records of people, `aggregate` for counts and sums only.
        subject_roles: roles of the people it may be about.
        match_keys: kinds of match key it permits; needed by `match`.
        onward: `none`, or with the originator's `consent`.
        onward_approvals: how many of the originator's officers sign each such consent.
        judicial_use: whether what was released may go to a court.
        permitted_action: PAP: what the recipient may do with it.
        audience: TLP: who may see it at the recipient.
        retention_days: days after which the recipient's copy is gone.
        superseded: whether the recipient erases the version that the originator has corrected, or keeps it blocked.
        humanitarian_only: whether it serves people, and never to find somebody to act against.
        case_required: whether a request must name a case.
        approvals: how many persons must approve a release.
        standing: whether one approval may cover all releases of the same kind until it is withdrawn.
        min_group: smallest group in a published aggregate; needed by `aggregate`.
        budgets: upper bounds.
        valid_from: first day, where it is later than the agreement's.
        valid_until: last day, where it is earlier than the agreement's.
    """

    id: Code
    title: Words
    text: Words
    purpose: Code
    categories: Codes
    fields: Codes
    askers: Askers
    for_parties: Codes | None = None
    actions: Annotated[tuple[Action, ...], Field(min_length=1)]
    level: Level = "person"
    subject_roles: Annotated[tuple[SubjectRole, ...], Field(min_length=1)]
    match_keys: tuple[Code, ...] = ()
    onward: ClauseOnward
    onward_approvals: Annotated[int, Field(ge=1, le=9)] = 1
    judicial_use: JudicialUse
    permitted_action: PermittedAction = "amber"
    audience: Audience = "amber+strict"
    retention_days: Annotated[int, Field(ge=1, le=36_500)]
    superseded: Superseded = "erase"
    humanitarian_only: bool = False
    case_required: bool = True
    approvals: Annotated[int, Field(ge=2, le=9)] = 2
    standing: bool = False
    min_group: Annotated[int, Field(ge=3, le=100_000)] | None = None
    budgets: Budgets = Budgets()
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Clause:
        if "match" in self.actions:
            if not self.match_keys:
                raise Misfit(_("a clause that permits a match names the kinds of match key"), field="match_keys")
            if self.budgets.keys_per_run is None or self.budgets.keys_per_day is None:
                raise Misfit(
                    _("a clause that permits a match bounds keys_per_run and keys_per_day, against guessing"),
                    field="budgets",
                )
        if self.level == "aggregate" and set(self.actions) != {"aggregate"}:
            raise Misfit(_("a clause about aggregates permits no action on people"), field="actions")
        if "aggregate" in self.actions and self.min_group is None:
            raise Misfit(_("a clause that permits aggregates says the smallest group"), field="min_group")
        if not self.humanitarian_only and {"victim", "witness"} & set(self.subject_roles):
            raise Misfit(
                _("victims and witnesses may be asked about only for humanitarian ends"), field="subject_roles"
            )
        for field in ("categories", "fields", "actions", "subject_roles", "match_keys"):
            if len(set(getattr(self, field))) != len(getattr(self, field)):
                raise Misfit(_("an entry stands here twice"), field=field)
        in_order(self.valid_from, self.valid_until)
        return self


def in_order(first: dt.date | None, last: dt.date | None) -> None:
    """Refuse a last day that lies before the first."""
    if first is not None and last is not None and first > last:
        raise Misfit(_("the last day lies before the first"), field="valid_until")


def instant(day: dt.date) -> dt.datetime:
    """The first moment of a day, in UTC."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def after(day: dt.date) -> dt.datetime:
    """The first moment after a day, in UTC."""
    return instant(day) + dt.timedelta(days=1)
