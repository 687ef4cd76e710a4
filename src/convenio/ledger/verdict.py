"""What a verification says: a report, and the problems in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from convenio.core.words import Message


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold.

    Args:
        kind: `signature`, `entry`, `missing`, `tile`, `root`, `rolled-back`, `fork`, `journal`, `key`.
        what: in words.
        entry: the first entry it is about; None where no single one can be named.
    """

    kind: str
    what: Message
    entry: int | None = None


@dataclass
class Report:
    """What a verification found.

    Args:
        folder: the ledger's folder.
        origin: its name.
        size: entries under its checkpoint.
        root: its root, in hexadecimal.
        cosigned: entries under the last checkpoint its witness signed; None where nobody witnesses it.
        cosigned_at: when the witness did.
        holds_until: how many entries from the first are sure: all, or what the witness cosigned and still fits.
        waiting: entries in the journal that the checkpoint does not cover yet.
        problems: what does not hold; empty when all does.
    """

    folder: Path
    origin: str = ""
    size: int = 0
    root: str = ""
    cosigned: int | None = None
    cosigned_at: dt.datetime | None = None
    holds_until: int = 0
    waiting: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything does."""
        return not self.problems

    @property
    def first_bad(self) -> int | None:
        """The first entry that is known not to hold."""
        return min((each.entry for each in self.problems if each.entry is not None), default=None)

    def as_json(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return {
            "ledger": self.folder.name,
            "origin": self.origin,
            "size": self.size,
            "root": self.root,
            "cosigned": self.cosigned,
            "cosigned_at": self.cosigned_at.isoformat() if self.cosigned_at else None,
            "holds": self.holds,
            "holds_until": self.holds_until,
            "first_bad": self.first_bad,
            "waiting": self.waiting,
            "problems": [
                {"kind": each.kind, "entry": each.entry, "what": each.what.in_both()} for each in self.problems
            ],
        }
