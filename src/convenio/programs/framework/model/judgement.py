"""Who judges: three raters, evaluators, auditors; and the documents they rest on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from convenio.programs.framework.model.base import Day, Id, Long, Part, PartialDay, Published, Short, Text

Rater = Literal["us", "mx", "reviewer"]
Completion = Literal["no-evidence", "not-started", "limited", "substantial", "complete", "withdrawn"]
CriterionName = Literal["relevance", "coherence", "effectiveness", "efficiency", "impact", "sustainability"]


class Document(Published):
    """A document that a judgement may rest on.

    Args:
        id: short name, by which ratings cite it.
        title_en: in English.
        title_es: in Spanish.
        on: the day it is of: from it the document ages.
        address: where it stands.
        commitments: what it speaks of.
    """

    id: Id
    title_en: Text
    title_es: Text
    on: Day
    address: Short = ""
    commitments: tuple[Id, ...] = ()


class Rating(Published):
    """One side's judgement of a commitment; it expires with the evidence it rests on.

    Args:
        commitment: which.
        rater: the United States, Mexico, or an independent reviewer.
        completion: how far the action is (Open Government Partnership: no evidence, not started, limited, substantial,
            complete), or that the commitment was withdrawn.
        result: what came of it, in the rater's words; empty without evidence.
        evidence: indicators and documents it rests on.
        independence: for a reviewer: why it is independent.
        comments_from: for a reviewer: first day of the period in which comments were taken.
        comments_to: its last day.
        given_on: when.
        expires_on: when its evidence is no longer good.
        by: who.
        version: 1, or one more than this rater's last of this commitment.
    """

    commitment: Id
    rater: Rater
    completion: Completion
    result: Long = ""
    evidence: tuple[Text, ...] = ()
    independence: Long = ""
    comments_from: Day | None = None
    comments_to: Day | None = None
    given_on: Day
    expires_on: Day
    by: Text
    version: Annotated[int, Field(ge=1)] = 1


class Criterion(Part):
    """What an evaluation says by one criterion of the OECD's Development Assistance Committee (2019)."""

    name: CriterionName
    grade: Literal["", "poor", "mixed", "good"] = ""
    said_en: Text
    said_es: Text


class Evaluation(Published):
    """An evaluation by the criteria of the OECD's Development Assistance Committee.

    Args:
        id: short name.
        commitments: what it looked at.
        title_en: in English.
        title_es: in Spanish.
        evaluator: who evaluated.
        independent: whether by someone who did not do the work.
        published_on: when.
        address: where it stands.
        criteria: one entry per criterion that was looked at, each at most once.
    """

    id: Id
    commitments: tuple[Id, ...]
    title_en: Text
    title_es: Text
    evaluator: Text
    independent: bool = False
    published_on: Day
    address: Short = ""
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=6)]


class Recommendation(Part):
    """One recommendation of an auditor, with the auditor's own closure state (see `states_of`).

    Args:
        number: within the audit.
        to: whom it is addressed to; empty where that is not known.
        text_en: in own words; empty where the text is not held.
        text_es: the same in Spanish.
        state: the auditor's word for where it stands, `not-known` where that is not held.
        state_on: the day of that word.
        state_source: where the auditor said so.
        commitments: what it concerns.
    """

    number: Annotated[int, Field(ge=1)]
    to: Short = ""
    text_en: Long = ""
    text_es: Long = ""
    state: Annotated[str, Field(pattern=r"^[a-z][a-z-]{1,39}$")]
    state_on: PartialDay = ""
    state_source: Long = ""
    commitments: tuple[Id, ...] = ()


class Audit(Published):
    """A report of an auditor, and what it recommends.

    Args:
        id: its number.
        auditor: GAO, DOJ-OIG, ASF, …
        published: when.
        kind: report or testimony.
        title_en: in own words.
        title_es: the same in Spanish.
        address: where it stands.
        count: how many recommendations it makes; none where that is not known.
        said_en: what it found.
        said_es: the same in Spanish.
        recommendations: each of them, as far as known.
    """

    id: Id
    auditor: Id
    published: Day
    kind: Literal["report", "testimony", "letter"] = "report"
    title_en: Text
    title_es: Text
    address: Short = ""
    count: Annotated[int, Field(ge=0)] | None = None
    said_en: Long = ""
    said_es: Long = ""
    recommendations: tuple[Recommendation, ...] = ()
