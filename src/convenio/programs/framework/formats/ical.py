"""Milestones as a calendar (RFC 5545), so that they stand where people keep their days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from convenio.core.words import Language, _
from convenio.files.writing import whole
from convenio.programs.framework.model import Milestone
from convenio.programs.framework.scorecard import Scorecard

FOLD = 75
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def write(card: Scorecard, path: Path, now: dt.datetime, to: Language) -> int:
    """Write the milestones that may be seen at the scorecard's level; returns how many."""
    milestones = card.milestones()
    with whole(path) as place:
        place.write_bytes(calendar(milestones, now, to))
    return len(milestones)


def calendar(milestones: list[Milestone], now: dt.datetime, to: Language) -> bytes:
    """A calendar of milestones, each a whole day; what moved bears how often, so that a reader replaces its copy.

    Args:
        milestones: which.
        now: when it is written.
        to: the language.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Convenio//framework//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    for each in milestones:
        lines += _event(each, now, to)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) + b"\r\n" for line in lines)


def escaped(text: str) -> str:
    """A text value (RFC 5545, 3.3.11): backslash, semicolon, comma, line end escaped; other control characters go."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return CONTROL.sub("", text)


def folded(line: str) -> bytes:
    """A content line in pieces of at most 75 octets, no character split (RFC 5545, 3.1)."""
    pieces, piece = [], b""
    for character in line:
        more = character.encode("utf-8")
        if len(piece) + len(more) > FOLD:
            pieces.append(piece)
            piece = b" "
        piece += more
    return b"\r\n".join([*pieces, piece])


def _event(milestone: Milestone, now: dt.datetime, to: Language) -> Iterator[str]:
    title = milestone.title_es if to == "es" else milestone.title_en
    yield "BEGIN:VEVENT"
    yield f"UID:{milestone.commitment}.{milestone.id}@milestones.convenio"
    yield f"DTSTAMP:{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{milestone.due:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{milestone.due + dt.timedelta(days=1):%Y%m%d}"
    yield f"SEQUENCE:{len(milestone.amendments) + (milestone.done_on is not None)}"
    yield f"SUMMARY:{escaped(f'{milestone.commitment}: {title}')}"
    yield f"DESCRIPTION:{escaped(_told(milestone, to))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _told(milestone: Milestone, to: Language) -> str:
    lines = [milestone.said_es if to == "es" else milestone.said_en]
    lines += [
        _(
            "moved to {due} on {on} by {by}: {reason}", due=each.due, on=each.on, by=each.by, reason=each.reason
        ).in_language(to)
        for each in milestone.amendments
    ]
    if milestone.done_on is not None:
        lines.append(_("done on {day}", day=milestone.done_on).in_language(to))
    return "\n".join(each for each in lines if each)
