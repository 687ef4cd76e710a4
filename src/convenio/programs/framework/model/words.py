"""The words that people read for the codes of the model."""

from __future__ import annotations

from collections.abc import Mapping

from convenio.core.words import Message, _

MODALITIES: dict[str, Message] = {
    "principle": _("principle: shown, not scored"),
    "commit": _("commits"),
    "intend": _("intends"),
    "plan": _("plans"),
    "consider": _("considers"),
    "affirm": _("affirms"),
}
COMPLETIONS: dict[str, Message] = {
    "no-evidence": _("no evidence"),
    "not-started": _("not started"),
    "limited": _("limited"),
    "substantial": _("substantial"),
    "complete": _("complete"),
    "withdrawn": _("withdrawn"),
}
RATERS: dict[str, Message] = {
    "us": _("United States"),
    "mx": _("Mexico"),
    "reviewer": _("independent reviewer"),
}
LEVELS: dict[str, Message] = {"output": _("output"), "outcome": _("outcome"), "impact": _("impact")}
PUBLICATIONS: dict[str, Message] = {
    "internal": _("internal"),
    "parties": _("both parties"),
    "public": _("public"),
}
CRITERIA: dict[str, Message] = {
    "relevance": _("relevance: does it do the right things?"),
    "coherence": _("coherence: does it fit with what others do?"),
    "effectiveness": _("effectiveness: does it reach its aims?"),
    "efficiency": _("efficiency: are the means well used?"),
    "impact": _("impact: what difference does it make?"),
    "sustainability": _("sustainability: will the benefits last?"),
}
RELATIONS: dict[str, Message] = {
    "same": _("says the same"),
    "continues": _("is continued by"),
    "taken-up": _("takes up"),
    "partly": _("covers in part"),
    "measures": _("measures"),
    "new": _("is new"),
}
NOT_KNOWN = _("not known")
AUDIT_STATES: Mapping[str, Mapping[str, Message]] = {
    "GAO": {
        "open": _("open"),
        "open-partially-addressed": _("open, partially addressed"),
        "closed-implemented": _("closed, implemented"),
        "closed-not-implemented": _("closed, not implemented"),
    },
    "OIG": {
        "unresolved": _("unresolved"),
        "resolved": _("resolved, action awaited"),
        "on-hold": _("on hold"),
        "closed": _("closed"),
    },
    "ASF": {
        "in-process": _("in process"),
        "attended": _("attended to"),
        "not-attended": _("not attended to"),
        "without-effect": _("without effect"),
    },
    "": {"open": _("open"), "partly": _("partly met"), "closed": _("closed"), "rejected": _("not accepted")},
}


def states_of(auditor: str) -> dict[str, Message]:
    """The words in which an auditor says where a recommendation stands, `not-known` among them.

    Args:
        auditor: `GAO`, `ASF`, `DOJ-OIG`, …; one whose words are not held here uses a plain open, partly, closed.
    """
    family = auditor if auditor in AUDIT_STATES else auditor.rsplit("-", 1)[-1]
    return {**AUDIT_STATES.get(family, AUDIT_STATES[""]), "not-known": NOT_KNOWN}
