"""Codes that agreements use, in words; a code that is not known here is shown as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from convenio.core.words import Message, _

FIELDS: Mapping[str, Message] = {
    "program": _("program"),
    "method": _("method"),
    "version": _("version"),
    "claim": _("claim"),
    "score": _("score"),
    "reasons": _("reasons"),
    "evidence": _("evidence"),
    "inputs": _("digest of the inputs"),
    "name": _("name"),
    "birth_date": _("birth date"),
    "curp": _("CURP"),
    "rfc": _("RFC"),
    "address": _("address"),
    "institution": _("institution"),
    "account_type": _("type of account"),
    "account_status": _("state of the account"),
    "opened_on": _("opened on"),
    "sex": _("sex"),
    "last_seen_on": _("last seen on"),
    "last_seen_place": _("place last seen"),
    "found_on": _("found on"),
    "found_place": _("place found"),
    "physical_description": _("physical description"),
    "file_number": _("file number"),
    "place": _("place"),
    "week": _("week"),
    "substance": _("substance"),
    "count": _("count"),
    "rate": _("rate"),
}
PURPOSES: Mapping[str, Message] = {
    "joint-designation": _("joint designation"),
    "search-and-identification": _("search and identification"),
    "early-warning": _("early warning"),
}
CATEGORIES: Mapping[str, Message] = {
    "customer-identity": _("identity of customers"),
    "account-summary": _("summary of accounts"),
    "missing-person-file": _("files of missing persons"),
    "remains-file": _("files of remains"),
    "overdose-counts": _("counts of overdoses"),
    "treatment-counts": _("counts of treatments"),
}
SUBJECTS: Mapping[str, Message] = {
    "suspect": _("suspect"),
    "convicted": _("convicted"),
    "victim": _("victim"),
    "witness": _("witness"),
    "missing": _("missing"),
    "none": _("none of these"),
}


def word(words: Mapping[Any, Message], code: Any) -> Message:
    """A code in words."""
    return words.get(str(code), Message("{code}", {"code": str(code)}))


def coded(words: Mapping[Any, Message], typed: str) -> str:
    """The code that a person wrote in words of either language; what is none stays as it was typed."""
    plain = typed.strip()
    same = (code for code, each in words.items() if plain.casefold() in map(str.casefold, each.in_both().values()))
    return str(next(same, plain))


def listed(words: Mapping[Any, Message], codes: Iterable[Any]) -> str:
    """Codes in words of the present language, with commas between."""
    return ", ".join(str(word(words, each)) for each in codes)
