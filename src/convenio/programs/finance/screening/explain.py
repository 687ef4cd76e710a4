"""A hit in words, as it can be read aloud: which fields speak for it, which against it, and what would change it."""

from __future__ import annotations

from convenio.core.words import Message, _
from convenio.entities.comparison import Evidence
from convenio.programs.finance.schema import ListEntry
from convenio.programs.finance.screening.party import Party
from convenio.programs.finance.screening.weigh import THRESHOLD, Weighed


def explain(known: Party, entry: ListEntry, found: Weighed) -> Message:
    """Field by field, with the weight of each and the sum."""
    speaking = [each for each in found.evidence if each.verdict != "silent"]
    said: Message = _(
        "“{customer}” may be “{listed}” ({source} {entry}), score {score}.",
        customer=known.name[:80],
        listed=found.listed.name[:80],
        source=entry.source,
        entry=entry.id,
        score=f"{found.score:.2f}",
    )
    for each in speaking:
        said = _("{before} {field}", before=said, field=_sentence(each))
    if found.listed.weak:
        said = _("{before} The list calls this alias weak.", before=said)
    if entry.remarks_cut:
        said = _("{before} The list's remarks on this entry were cut: it may say more than is seen here.", before=said)
    if found.limit is not None:
        said = _("{before} Held back: {limit}.", before=said, limit=found.limit)
    return _("{before} {sum}", before=said, sum=_summed(found.calibrated))


def _summed(bans: float) -> Message:
    """The calibrated sum of weights as it can be read aloud."""
    times = f"{10 ** min(abs(bans), 6):,.0f}"
    if bans > 6:
        return _("Together: more than a million times likelier if they are one person than if they are two.")
    if bans >= 0:
        return _("Together: {times} times likelier if they are one person than if they are two.", times=times)
    return _("Together: {times} times likelier if they are two persons than if they are one.", times=times)


def would_change(found: Weighed) -> Message:
    """The fact that would move the answer most."""
    by_field = {each.field: each for each in found.evidence}
    birth = by_field.get("birth_date")
    if birth is not None and birth.verdict == "silent":
        return _("a birth date: one that differs by years would take it below {threshold}", threshold=THRESHOLD)
    silent = [each for each in ("curp", "rfc", "passport") if each in by_field and by_field[each].verdict == "silent"]
    if birth is not None and birth.verdict == "differs":
        return _("a CURP, RFC or passport that is the same would outweigh the birth date")
    if silent:
        return _(
            "a {field} on both sides: the same would settle it, another would take it below {threshold}",
            field=silent[0].upper() if silent[0] != "passport" else _("passport"),
            threshold=THRESHOLD,
        )
    return _("only a correction of one of the identifiers")


def _sentence(each: Evidence) -> Message:
    if each.bans > 0.05:
        return _("For it ({bans}): {why}.", bans=f"{each.bans:+.1f}", why=each.why)
    if each.bans < -0.05:
        return _("Against it ({bans}): {why}.", bans=f"{each.bans:+.1f}", why=each.why)
    return _("Neither for nor against: {why}.", why=each.why)
