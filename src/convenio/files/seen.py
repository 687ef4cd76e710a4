"""What a look at a file found, in words: its facts, the kinds of its columns, the record types it can serve as."""

from __future__ import annotations

from convenio.core.record import RecordType
from convenio.core.words import Message, _
from convenio.files import mapping as maps
from convenio.files.look import Look

BEST = 3
KINDS: dict[str, Message] = {
    "whole": _("whole number"),
    "number": _("number"),
    "date": _("date"),
    "moment": _("date and time"),
    "truth": _("yes or no"),
    "text": _("text"),
    "empty": _("empty"),
}
ORDERS: dict[str, Message] = {
    "dmy": _("day first"),
    "mdy": _("month first"),
    "ambiguous": _("day or month first? every value reads both ways: say --date-order"),
    "mixed": _("both orders occur: say --date-order"),
}


def fits(headings: list[str]) -> list[tuple[str, type[RecordType], dict[str, str]]]:
    """Record types whose needed columns are all here, the one with most columns first."""
    from convenio.files.types import record_types

    found = []
    for name, record in record_types().items():
        proposed = maps.propose(headings, record)
        if proposed.columns and not maps.missing(proposed, record):
            found.append((name, record, dict(proposed.columns)))
    return sorted(found, key=lambda each: -len(each[2]))[:BEST]


def facts(seen: Look) -> list[tuple[Message, Message | str]]:
    """What is to be known of a file as a whole."""
    options, opened = seen.opened.options, seen.opened
    told: list[tuple[Message, Message | str]] = [(_("file"), opened.path.name), (_("form"), opened.form)]
    if options.encoding:
        told.append((_("encoding"), options.encoding))
    if options.delimiter:
        told.append((_("delimiter"), "tab" if options.delimiter == "\t" else options.delimiter))
    if options.sheet:
        told.append((_("worksheet"), options.sheet))
    told.append((_("rows"), f"{seen.rows:,}"))
    if seen.misfits:
        told.append((_("rows that do not fit the headings"), f"{seen.misfits:,}"))
    longest = max((each.longest for each in seen.columns), default=0)
    if longest > 1000:
        told.append((_("longest text"), _("{number} characters", number=f"{longest:,}")))
    told += [(_("note"), each) for each in opened.notes]
    return told
