"""Findings that a person hands in under a standing order: chosen from the queue's verified ones, or from a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import UploadFile

from convenio.console.context import Console
from convenio.core.errors import InputError
from convenio.core.finding import Finding
from convenio.core.words import _
from convenio.exchange.batches import Item
from convenio.people.accounts import Person

SHOWN = 200
MOST_IN_FILE = 10_000
MOST_BYTES = 64 * 1024 * 1024
NAMED = {"reference", "subject_role", "finding"}


def offered(console: Console, person: Person, order: str) -> list[dict[str, Any]]:
    """The verified findings of the person's agency that may go out: not yet gone, and made from no received copy."""
    rows = [each for each in console.queue.all(person) if each["state"] == "verified"]
    others = console.queue.claims(person, [each["id"] for each in rows])
    rows = [each for each in rows if each["id"] not in others]
    gone = console.part("batches").gone(order, [each["id"] for each in rows])
    return [each for each in rows if each["id"] not in gone][:SHOWN]


def chosen(console: Console, person: Person, numbers: Sequence[str], role: str) -> Iterator[Item]:
    """Findings of the queue, as they go out.

    Raises:
        InputError: one has not been verified.
        NotFound: one is not in this person's queue.
    """
    for number in dict.fromkeys(numbers):
        row, finding = console.queue.get(person, number)
        if row["state"] != "verified":
            raise InputError(
                _("only findings that a person has verified are handed in here"),
                where=number[:16],
                advice=_("look at it in the queue first"),
                kept=_("nothing was given"),
            )
        yield Item(number, role, finding.model_dump(mode="json"))


def read_findings(upload: UploadFile, role: str) -> list[Item]:
    """The findings of a file, one JSON object a line, or a JSON list of them.

    Each is a finding, which goes by its own number and is about people in the role that was chosen; or an object with
    `reference`, `subject_role` and `finding`.

    Raises:
        InputError: the file cannot be read; the error names the line, or the place in the list.
    """
    content = upload.file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InputError(
            _("this file is longer than {most} MiB", most=MOST_BYTES >> 20),
            where=upload.filename,
            advice=_("split it; what went out is passed over when it is handed in again"),
        )
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise InputError(_("this file is not in UTF-8"), where=upload.filename) from error
    parts = _listed(text, upload.filename) if text.startswith("[") else _lines(text, upload.filename)
    made = [_item(held, role, where) for where, held in parts]
    if not made:
        raise InputError(_("there is no finding in this file"), where=upload.filename)
    return made


def _lines(text: str, name: str | None) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            where = f"{name}:{number}"
            yield _within(number, where), _json(line, where)


def _listed(text: str, name: str | None) -> Iterator[tuple[str, Any]]:
    for number, held in enumerate(_json(text, f"{name}"), 1):
        yield _within(number, f"{name}[{number}]"), held


def _within(number: int, where: str) -> str:
    if number > MOST_IN_FILE:
        raise InputError(
            _("there are more than {most} findings in this file", most=f"{MOST_IN_FILE:,}"),
            where=where,
            advice=_("split it; what went out is passed over when it is handed in again"),
            kept=_("nothing was given"),
        )
    return where


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(_("this is no JSON"), where=where, kept=_("nothing was given")) from error


def _item(held: Any, role: str, where: str) -> Item:
    if isinstance(held, dict) and set(held) == NAMED and isinstance(held["finding"], dict):
        reference, own = str(held["reference"]), str(held["subject_role"])
        if 0 < len(reference) <= 200:
            return Item(reference, own, held["finding"])
    try:
        finding = Finding.model_validate(held)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"])) or "-"
        raise InputError(
            _("this is no finding: {place}", place=place),
            where=where,
            advice=_("one finding a line, as a method writes it; or reference, subject_role and finding"),
            kept=_("nothing was given"),
        ) from error
    return Item(finding.id, role, finding.model_dump(mode="json"))
