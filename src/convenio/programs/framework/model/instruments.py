"""What binds: treaties and memoranda, their clauses and the tasks these set; and what was learned."""

from __future__ import annotations

from typing import Literal

from convenio.programs.framework.model.base import Day, Id, Long, Part, PartialDay, Published, Short, Side, Text


class Task(Part):
    """What a clause asks someone to do."""

    id: Id
    text_en: Text
    text_es: Text
    owed_by: Side = "both"
    due: Day | None = None
    done_on: Day | None = None
    evidence: tuple[Text, ...] = ()


class Clause(Part):
    """One clause of an instrument."""

    number: Text
    text_en: Text
    text_es: Text
    tasks: tuple[Task, ...] = ()


class Instrument(Published):
    """A treaty, memorandum, declaration or plan.

    Args:
        id: short name.
        kind: which of these.
        title_en: in English.
        title_es: in Spanish.
        parties: who signed.
        signed: day, month or year, as far as known.
        expires: the same of its end; empty where it has none or that is not known.
        state: in force, ended, suspended, not yet in force, or unknown.
        commitments: what it serves.
        clauses: as far as their texts are public.
        source: where this was read.
        address: its address.
        said_en: what is to be known of it.
        said_es: the same in Spanish.
    """

    id: Id
    kind: Literal["treaty", "memorandum", "declaration", "plan", "agreement"]
    title_en: Text
    title_es: Text
    parties: tuple[Id, ...]
    signed: PartialDay = ""
    expires: PartialDay = ""
    state: Literal["in-force", "ended", "suspended", "not-in-force", "unknown"] = "unknown"
    commitments: tuple[Id, ...] = ()
    clauses: tuple[Clause, ...] = ()
    source: Long = ""
    address: Short = ""
    said_en: Long = ""
    said_es: Long = ""


class Lesson(Published):
    """What was learned, from whom, and what it concerns."""

    id: Id
    commitments: tuple[Id, ...] = ()
    text_en: Text
    text_es: Text
    source: Long = ""
    learned_on: PartialDay = ""
