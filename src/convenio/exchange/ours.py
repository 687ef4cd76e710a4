"""Whether findings are the party's own: what rests on another party's release goes nowhere by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.errors import InputError, Refused
from convenio.core.marking import Marking
from convenio.core.words import _
from convenio.stores.tables import DerivedThing, ReceivedCopy

AT_ONCE = 10_000


def require_ours(session: Session, party: str, findings: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Refuse findings that another party had a part in.

    A finding says so itself, by the originators of its marking; and it is known here, where it was made from a received
    copy or names one as its evidence.

    Args:
        session: a session for reading.
        party: this node's party.
        findings: each finding's reference, and its fields.

    Raises:
        InputError: a finding has no marking, or one that cannot be read.
        Refused: another party is among its originators, or it rests on a copy of what another party released.
    """
    names: dict[str, str] = {}
    for reference, finding in findings:
        others = _originators(reference, finding) - {party}
        if others:
            raise _not_ours(reference, ", ".join(sorted(others)).upper())
        names |= dict.fromkeys((reference, *_evidence(finding)), reference)
    wanted = list(names)
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        for table in (DerivedThing, ReceivedCopy):
            found = session.scalars(select(table.id).where(table.id.in_(some)).limit(1)).first()
            if found is not None:
                raise _not_ours(names[found], _("another party"))


def _originators(reference: str, finding: Mapping[str, Any]) -> frozenset[str]:
    try:
        return Marking.model_validate(finding["marking"]).originators
    except (KeyError, ValidationError) as error:
        raise InputError(
            _("this finding has no marking that can be read, and does not go out without one"),
            where=reference[:64],
            kept=_("what was given before it stays given"),
        ) from error


def _evidence(finding: Mapping[str, Any]) -> Iterator[str]:
    """What a finding names as its evidence, whatever form it was handed in."""
    evidence = finding.get("evidence")
    for each in evidence if isinstance(evidence, (list, tuple)) else ():
        if isinstance(each, Mapping) and isinstance(each.get("reference"), str):
            yield each["reference"]


def _not_ours(reference: str, whose: Any) -> Refused:
    return Refused(
        _("this finding rests on what {party} released, and goes out only with its consent", party=whose),
        where=reference[:64],
        advice=_("ask the originator for its consent to passing it on"),
        kept=_("what was given before it stays given"),
    )
