"""The state of a node's ledgers as pages show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from convenio.console.view import NodeView


@dataclass(frozen=True)
class LedgerState:
    """One ledger: entries, root, and how far its witness has cosigned.

    Args:
        name: the log's name.
        peer: the party it is shared with; empty for the internal one.
        size: entries in it.
        cosigned: entries that the witness has cosigned; None where nobody has yet.
        cosigned_at: when.
        unwitnessed: entries that the witness has not seen; the internal ledger's witness is the node's oversight body.
        alarm: whether the witness has been away too long.
        trouble: what the witness last said.
    """

    name: str
    peer: str
    size: int
    cosigned: int | None
    cosigned_at: dt.datetime | None
    unwitnessed: int = 0
    alarm: bool = False
    trouble: str = ""


def ledger_states(node: NodeView) -> list[LedgerState]:
    """The state of every ledger that is open in this process, by name."""
    return [_state(each) for each in node.logs.state()]


def _state(told: Mapping[str, Any]) -> LedgerState:
    name, at = str(told["log"]), told.get("cosigned_at")
    return LedgerState(
        name=name,
        peer=name.removeprefix("border-") if name.startswith("border-") else "",
        size=int(told["size"]),
        cosigned=told.get("cosigned_size"),
        cosigned_at=dt.datetime.fromisoformat(at) if at else None,
        unwitnessed=int(told.get("unwitnessed", 0)),
        alarm=bool(told.get("alarm")),
        trouble=str(told.get("trouble") or ""),
    )
