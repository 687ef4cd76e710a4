"""A marking as pages show it: the label everybody knows, and every axis in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from convenio.core.marking import Marking
from convenio.core.words import Message, _
from convenio.web import language as words

AUDIENCE: Mapping[str, Message] = {
    "clear": _("for everyone"),
    "green": _("for the community"),
    "amber": _("for the recipients and those they serve"),
    "amber+strict": _("for the recipients' own organisation"),
    "red": _("for the named persons only"),
}
PERMITTED: Mapping[str, Message] = {
    "clear": _("any action is permitted"),
    "green": _("active measures are permitted"),
    "amber": _("only measures that its subjects cannot notice"),
    "red": _("no action outside the investigation"),
}
JUDICIAL: Mapping[str, Message] = {
    "allowed": _("may be used in court"),
    "permission": _("is used in court only with permission"),
    "forbidden": _("is not used in court"),
}
ONWARD: Mapping[str, Message] = {
    "free": _("may be passed on"),
    "consent": _("is passed on only with the originator's consent"),
    "none": _("is not passed on"),
}


@dataclass(frozen=True)
class MarkingView:
    """What the macro `marking` shows."""

    tone: str
    label: str
    lines: tuple[Message, ...]


def marking_view(marking: Marking) -> MarkingView:
    """A marking in words."""
    lines = [
        AUDIENCE[marking.audience],
        PERMITTED[marking.permitted_action],
        JUDICIAL[marking.judicial_use],
        ONWARD[marking.onward],
        _("from {parties}", parties=", ".join(sorted(each.upper() for each in marking.originators))),
    ]
    if marking.recipients is not None:
        lines.append(_("recipients: {names}", names=", ".join(sorted(marking.recipients)) or "–"))
    lines += [_("national class {name}", name=each) for each in sorted(marking.national)]
    lines += [
        _(
            "evaluated {source}{information} on {scale}",
            source=each.source,
            information=each.information,
            scale=each.scale,
        )
        for each in sorted(marking.evaluations, key=lambda each: (each.scale, each.root, each.source))
    ]
    if marking.expires_at is not None:
        lines.append(_("gone by {moment}", moment=words.moment(marking.expires_at)))
    tone = marking.audience.split("+")[0]
    return MarkingView(tone, f"TLP:{marking.audience.upper()}", tuple(lines))
