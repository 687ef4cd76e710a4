"""Frameworks and what they are divided into: goal, area, objective, commitment, action, milestone."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from convenio.programs.framework.model.base import Day, Id, Long, Part, PartialDay, Published, Short, Side, Text

Modality = Literal["principle", "commit", "intend", "plan", "consider", "affirm"]
Goal = Literal["protect", "prevent", "pursue", "rights", "all"]


class Framework(Published):
    """One agreement of parties on what they want to reach. Several hold at once.

    Args:
        id: short name.
        title_en: in English.
        title_es: in Spanish.
        parties: who agreed.
        began: day, month or year it began, as far as known.
        ended: the same of its end; empty while it holds or where that is not known.
        version: which text of it; a change is an amendment and a new version.
        said_en: what is to be known of it.
        said_es: the same in Spanish.
        source: where this was read.
        address: its address.
    """

    id: Id
    title_en: Text
    title_es: Text
    parties: tuple[Id, ...]
    began: PartialDay = ""
    ended: PartialDay = ""
    version: Short = ""
    said_en: Long = ""
    said_es: Long = ""
    source: Long = ""
    address: Short = ""


class Element(Published):
    """A place in a framework: goal, area, objective, or an indicator that a framework of measures names.

    A place whose text is not public has no titles: it stands empty and says so.
    """

    id: Id
    framework: Id
    place: Literal["goal", "area", "objective", "indicator"] = "goal"
    parent: Id | None = None
    number: Short = ""
    title_en: Long = ""
    title_es: Long = ""


class Crosswalk(Published):
    """What a place of one framework has to do with commitments of another.

    Args:
        start: the place it starts from; written `from`.
        commitments: what it leads to; none where nothing answers to it.
        relation: how they belong together, see `RELATIONS`.
        said_en: a remark.
        said_es: the same in Spanish.
    """

    start: Id = Field(alias="from")
    commitments: tuple[Id, ...] = ()
    relation: Literal["same", "continues", "taken-up", "partly", "measures", "new"]
    said_en: Long = ""
    said_es: Long = ""


class Commitment(Published):
    """One commitment or principle.

    Args:
        id: its number.
        goal: protect, prevent, pursue, rights or all.
        section: where it stands in the text.
        modality: how strongly it binds.
        software: whether a program `does` it, only `tracks` it, or `both`.
        program: the program that serves it.
        text_en: in English.
        text_es: in Spanish.
        framework: which framework it belongs to.
        objective: the objective it serves, where that is known.
        due: the day it is due, where one was named.
    """

    id: Id
    goal: Goal
    section: Text
    modality: Modality
    software: Literal["does", "tracks", "both"]
    program: Id
    text_en: Text
    text_es: Text
    framework: Id = "bicentennial"
    objective: Id | None = None
    due: Day | None = None


class Owner(Published):
    """Who owes a commitment, on each side.

    Args:
        commitment: which.
        owed_by: one side or both.
        us: agencies of the United States.
        mx: agencies of Mexico.
        basis: `named` where the text names them, `field` where it is their field of work.
        due: the day this side is due, where it differs from the commitment's.
    """

    commitment: Id
    owed_by: Side
    us: tuple[Id, ...] = ()
    mx: tuple[Id, ...] = ()
    basis: Literal["named", "field"] = "field"
    due: Day | None = None


class Action(Published):
    """What is done for a commitment. It is not active without a monitoring plan.

    Args:
        id: short name.
        commitment: which commitment it serves.
        objective: which objective, where known.
        title_en: in English; empty where its text is not public.
        title_es: in Spanish.
        owed_by: the side that does it.
        agencies: who does it.
        identifier: its number elsewhere, e.g. its IATI identifier.
        state: planned, active, suspended or closed.
        began: when it began.
        ended: when it ended.
        said_en: what it does, and for whom.
        said_es: the same in Spanish.
    """

    id: Id
    commitment: Id
    objective: Id | None = None
    title_en: Long = ""
    title_es: Long = ""
    owed_by: Side = "both"
    agencies: tuple[Id, ...] = ()
    identifier: Short = ""
    state: Literal["planned", "active", "suspended", "closed"] = "planned"
    began: Day | None = None
    ended: Day | None = None
    said_en: Long = ""
    said_es: Long = ""


class Amendment(Part):
    """Why a milestone moved: who, when, why."""

    due: Day
    by: Text
    on: Day
    reason: Text


class Milestone(Published):
    """A step with a day. Its first day stays; only amendments move it.

    Args:
        id: short name.
        commitment: which commitment it belongs to.
        title_en: in English.
        title_es: in Spanish.
        first_due: the day first agreed.
        amendments: every move since.
        done_on: the day it was done.
        done_by: who said so.
        evidence: what shows it.
        action: which action, where it belongs to one.
        owed_by: the side that owes it.
        said_en: a remark.
        said_es: the same in Spanish.
        source: where this was read.
    """

    id: Id
    commitment: Id
    title_en: Text
    title_es: Text
    first_due: Day
    amendments: tuple[Amendment, ...] = ()
    done_on: Day | None = None
    done_by: Short = ""
    evidence: tuple[Text, ...] = ()
    action: Id | None = None
    owed_by: Side = "both"
    said_en: Long = ""
    said_es: Long = ""
    source: Long = ""

    @property
    def due(self) -> Day:
        """The day that counts."""
        return self.amendments[-1].due if self.amendments else self.first_due


class Foreign(Published):
    """What a file of another publisher said beyond what is held here: kept as it was, and written again in its place.

    Args:
        owner: the commitment or action it belongs to; `-` for the file as a whole.
        xml: the elements and attributes that nothing here stands for.
    """

    owner: str = Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,39}|-)$")
    xml: str
