"""What stands openly in a ledger's entry, in words; a name that is not known here is shown as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from convenio.console.codes import CATEGORIES, PURPOSES
from convenio.console.words import ACTS
from convenio.core.words import Message, _
from convenio.web import language

NODE = "node"
NAMES: Mapping[str, Message] = {
    "act": _("Act"),
    "agency": _("Agency"),
    "agreement": _("Agreement"),
    "agreement_digest": _("Digest of the agreement"),
    "approvals": _("Keys of those who approved"),
    "category": _("Data"),
    "clause": _("Clause"),
    "commitment": _("Commitment"),
    "content_digest": _("Digest of the content"),
    "copies": _("Copies"),
    "credential": _("Key of the one who approved"),
    "dataset": _("Records"),
    "digest": _("Digest"),
    "elements": _("Digest of what was answered"),
    "expires_at": _("Gone by"),
    "failed": _("Why not"),
    "form": _("As"),
    "key_kind": _("Identifier"),
    "keys": _("Match keys"),
    "letter": _("Letter"),
    "padded_size": _("Size of the set, padded"),
    "peer": _("Party"),
    "program": _("Program"),
    "purpose": _("Purpose"),
    "receipt": _("Receipt"),
    "request": _("Request"),
    "rows": _("Rows"),
    "standing": _("Standing order"),
    "subjects": _("People"),
    "until": _("Until"),
    "version": _("Version"),
    "why": _("Why"),
}
FORMS: Mapping[str, Message | str] = {"page": _("a page"), "pdf": "PDF", "csv": "CSV", "xlsx": "XLSX"}


def actor_of(name: str) -> Message | str:
    """Who did it; the node itself has a word of its own."""
    return _("the node itself") if name == NODE else name


def facts_of(body: Mapping[str, Any], programs: Mapping[str, Any]) -> list[tuple[Message | str, Any]]:
    """The names and values of a body.

    Args:
        body: what stands openly.
        programs: the titles of programs by name.
    """
    return [(NAMES.get(name, name), _value(name, value, programs)) for name, value in body.items()]


def _value(name: str, value: Any, programs: Mapping[str, Any]) -> Any:
    known: Mapping[str, Mapping[str, Any]] = {
        "purpose": PURPOSES,
        "category": CATEGORIES,
        "act": ACTS,
        "form": FORMS,
        "program": programs,
    }
    if name in known:
        return known[name].get(str(value), value)
    if name in ("agency", "peer", "key_kind"):
        return str(value).upper()
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return language.number(value)
    return _moment(value) if isinstance(value, str) else value


def _moment(text: str) -> str:
    try:
        return language.moment(dt.datetime.fromisoformat(text)) if "T" in text else text
    except ValueError:
        return text
