"""Findings made from received copies: in the queue stands a shell without content; the content is sealed in custody.

What a list, a search, an export or a printed case file shows of such a finding is asked of custody each time: it is
gone from all of them when the copy is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from convenio.core.canonical import canonical
from convenio.core.errors import InputError
from convenio.core.finding import Evidence, Finding, Text, digest_inputs
from convenio.core.marking import Marking
from convenio.core.words import Message, _
from convenio.custody.derived import Derived, Rows
from convenio.custody.keystore import KeyStore
from convenio.people.accounts import Person

SHELL: Message = _("Made from a received copy")
GONE: Message = _("Gone with the received copy that it was made from")
PROGRAM, METHOD, VERSION = "exchange", "noted", "1"
DIGESTS = "findings/digests"
LONGEST = 2_000


def build_finding(
    copies: Sequence[str], claim: str, reason: str, key: bytes, rows: Sequence[Rows], marking: Marking
) -> Finding:
    """A finding in an analyst's own words, with the copies as its evidence and their joined marking.

    Raises:
        InputError: the claim or the reason is missing or too long.
    """
    for text in (claim, reason):
        if not text.strip() or len(text) > LONGEST:
            raise InputError(
                _("a finding has a claim and a reason, each at most {most} characters", most=LONGEST),
                kept=_("nothing was kept"),
            )
    inputs = {
        each: pa.table({"row": [canonical(row) for row in held]}) for each, held in zip(copies, rows, strict=True)
    }
    return Finding(
        program=PROGRAM,
        method=METHOD,
        version=VERSION,
        claim=Text(en=claim.strip(), es=claim.strip()),
        reasons=(Text(en=reason.strip(), es=reason.strip()),),
        evidence=tuple(Evidence(kind="record", reference=f"copy/{each}") for each in copies),
        inputs=digest_inputs(key, inputs, {}),
        marking=marking,
    )


def shell_of(finding: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the queue's own table: who made it by which method, its marking, and nothing of what it says."""
    words = SHELL.in_both()
    return {**finding, "claim": words, "reasons": [words], "score": None, "params": {}, "seed": None}


def made_from(
    derived: Derived,
    vault: KeyStore,
    copies: Sequence[str],
    person: Person,
    *,
    purpose: str,
    case: str,
    claim: str,
    reason: str,
) -> Finding:
    """Make a finding from copies; it is sealed in custody, and each copy's conditions decide whether it is made at all.

    Raises:
        InputError: the claim or the reason is missing.
        Refused: a copy's conditions do not allow it; a receipt is kept.
    """
    build_finding([], claim, reason, b"", [], Marking(originators=frozenset({"-"})))
    key = vault.create(DIGESTS)

    def build(rows: Sequence[Rows], marking: Marking) -> tuple[str, Mapping[str, Any]]:
        made = build_finding(copies, claim, reason, key, rows, marking)
        return made.id, made.model_dump(mode="json")

    _number, content = derived.make(copies, person, purpose=purpose, case=case, kind="finding", build=build)
    return Finding.model_validate(content)


def claims(derived: Derived | None, numbers: Sequence[str], person: Person) -> dict[str, Any]:
    """The claims of those findings that were made from copies; `GONE` where they are no longer to be shown."""
    if derived is None or not numbers:
        return {}
    standing = derived.standing(numbers, person)
    return {number: GONE.in_both() if held is None else held["claim"] for number, held in standing.items()}
