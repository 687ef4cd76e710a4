"""Codes of the operational store in words, with the tone they are shown in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from convenio.core.words import Message, _

STATES: Mapping[str, Message] = {
    "committed": _("committed"),
    "open": _("open"),
    "answered": _("answered"),
    "done": _("done"),
    "failed": _("failed"),
    "refused": _("refused"),
    "sent": _("sent"),
    "waiting": _("waiting for a decision"),
    "released": _("released"),
    "withdrawn": _("withdrawn, since the other side did not take it"),
    "received": _("received"),
    "accepted": _("accepted"),
    "delivered": _("delivered"),
    "opened": _("opened"),
    "expired": _("expired"),
    "erased": _("erased"),
    "recalled": _("recalled"),
    "recall-pending": _("recall on its way"),
    "recall-held": _("recalled; kept there, blocked, under a legal hold"),
    "correcting": _("being corrected"),
    "sealed": _("sealed"),
}
TONES: Mapping[str, str] = {
    "done": "good",
    "answered": "good",
    "released": "good",
    "accepted": "good",
    "opened": "good",
    "delivered": "good",
    "received": "good",
    "refused": "bad",
    "failed": "bad",
    "recalled": "bad",
    "withdrawn": "bad",
    "recall-pending": "wait",
    "recall-held": "wait",
    "correcting": "wait",
    "waiting": "wait",
    "open": "wait",
    "sent": "wait",
    "committed": "wait",
    "sealed": "wait",
}
SIDES: Mapping[str, Message] = {"ask": _("we asked"), "answer": _("we were asked")}
OUTCOMES: Mapping[bool, Message] = {True: _("allowed"), False: _("refused")}
ACTS: Mapping[str, Message] = {
    "match": _("blind match"),
    "request": _("request"),
    "release": _("release"),
    "aggregate": _("aggregate"),
    "open": _("open a copy"),
    "forward": _("pass on"),
    "court": _("use in court"),
    "export": _("export"),
    "derive": _("derive"),
    "approve": _("approve"),
    "consent": _("ask for consent"),
}


def choices(words: Mapping[str, Message]) -> Sequence[tuple[str, Message]]:
    """What a filter offers."""
    return list(words.items())
