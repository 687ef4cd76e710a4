"""Two made-up border ledgers that cosign each other, to try the commands on: no node, no person, no fact in them."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from convenio.core.canonical import canonical
from convenio.core.errors import Conflict
from convenio.core.words import _
from convenio.ledger.cosigned import ask_for_cosignature, name_witness
from convenio.ledger.entry import Entry
from convenio.ledger.log import Log
from convenio.ledger.mirror import follow, served
from convenio.ledger.note import Cosigner
from convenio.ledger.witness import Witness

ENDS = ("match", "refused", "released", "recalled")
BETWEEN = dt.timedelta(minutes=1)


class Story:
    """The entries of two border ledgers: `us` asks and `mx` answers.

    Args:
        start: when it begins; each entry is a minute after the one before.
    """

    def __init__(self, start: dt.datetime) -> None:
        self.us: list[Entry] = []
        self.mx: list[Entry] = []
        self.clock = start

    def add(self, side: str, kind: str, subject: str, actor: str = "node", **body: Any) -> None:
        """One entry on one side."""
        self.clock += BETWEEN
        entries: list[Entry] = getattr(self, side)
        entries.append(Entry(kind, self.clock, actor, subject, "00" * 32, len(entries) + 1, body))

    def match(self, run: str) -> None:
        """A blind match, asked and answered."""
        facts: dict[str, Any] = {"agreement": "bicentennial", "clause": "finance", "keys": 3, "commitment": "aa"}
        self.add("us", "asked", run, "ana", **facts)
        self.add("mx", "answered", run, padded_size=1024, **facts)

    def request(self, request: str, ends: str) -> None:
        """A request and what becomes of it: `open`, `refused`, `released` or `recalled`."""
        facts = {"agreement": "bicentennial", "clause": "finance"}
        release = f"release-of-{request}"
        self.add("us", "requested", request, "ana", subjects=2, **facts)
        self.add("mx", "request-received", request, **facts)
        if ends == "open":
            return
        if ends == "refused":
            self.add("mx", "refused", request, "berta", clause="finance")
            self.add("us", "request-answered", request, clause="finance")
            return
        self.add("mx", "approved", request, "berta")
        self.add("mx", "approved", request, "carlos")
        self.add("mx", "released", release, request=request, content_digest=request, clause="finance", subjects=2)
        self.add("us", "accepted", release, request=request, content_digest=request, clause="finance")
        self.add("mx", "acceptance-received", release, content_digest=request)
        self.add("us", "received", release)
        self.add("mx", "delivered", release)
        self.add("us", "opened", release, "ana", clause="finance")
        if ends == "recalled":
            self.add("mx", "recalled", release, "berta", clause="finance")
            self.add("us", "recall-received", release, clause="finance")
            self.add("us", "erased", release, why="recalled")
            self.add("mx", "recall-acknowledged", release)


def tell(exchanges: int, seed: int, start: dt.datetime) -> tuple[Story, dict[str, str]]:
    """Exchanges one after another from a seed, and how each ends, by its identifier."""
    pick, story, ends = random.Random(seed), Story(start), dict[str, str]()  # noqa: S311 - made up, nothing secret
    for number in range(exchanges):
        end = pick.choice(ENDS)
        name = f"{end}-{number}"
        ends[name] = end
        if end == "match":
            story.match(name)
        else:
            story.request(name, end)
    return story, ends


def written(entry: Entry) -> bytes:
    """The canonical bytes of an entry."""
    return canonical(
        {"v": 1, "intent": entry.intent, "kind": entry.kind, "at": entry.at.isoformat(), "actor": entry.actor}
        | {"subject": entry.subject, "commitment": entry.commitment, "body": dict(entry.body)}
    )


def write_example(folder: Path, *, exchanges: int, now: dt.datetime, seed: int = 1) -> dict[str, str]:
    """Write two nodes' folders, each with its border ledger, cosigned by the other, and a mirror of the other's.

    Args:
        folder: where; it must not exist yet, or be empty.
        exchanges: how many.
        now: the last of them ended an hour before.
        seed: another one gives other exchanges.

    Returns:
        How each exchange ended, by its identifier.

    Raises:
        Conflict: something is in the folder.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(_("this folder is not empty"), where=str(folder), kept=_("nothing was written"))
    story, ends = tell(exchanges, seed, now)
    back = now - dt.timedelta(hours=1) - story.clock
    story, ends = tell(exchanges, seed, now + back)
    logs: dict[str, Log] = {}
    for party, peer, entries in (("us", "mx", story.us), ("mx", "us", story.mx)):
        name = f"border-{peer}"
        logs[party] = Log(folder / party / "ledger" / name, f"convenio.{party}/{name}", Ed25519PrivateKey.generate())
        logs[party].append([written(each) for each in entries])
    for party, peer in (("us", "mx"), ("mx", "us")):
        cosigner = Cosigner(f"convenio.{peer}/witness", Ed25519PrivateKey.generate())
        log, key = logs[party], logs[party].signer.verifier
        name_witness(log.folder, cosigner.verifier)
        ask_for_cosignature(log, Witness(folder / peer / "witness", cosigner, [key]).add_checkpoint)
        source = log.folder
        follow(folder / peer / "mirror" / party, [key], lambda path, source=source: served(source, path))  # type: ignore[misc]
        log.close()
    return ends
