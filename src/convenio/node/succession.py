"""The ceremony by which a border ledger whose lost entries no copy has is closed, and another succeeds it; by files.

The peer, who is its witness, writes down what it has seen (`seen`). The owner drafts the document from that. Both
authorities sign it offline. The owner closes the ledger and begins the successor (`succeed_border`); the peer accepts
it once what the document says was seen is what it has seen (`accept_successor`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from convenio.core.errors import Conflict, InputError, NotFound
from convenio.core.words import _
from convenio.ledger.cosigned import open_cosigned, witnesses_of
from convenio.ledger.intents import INTERNAL, border, remember
from convenio.ledger.log import VKEY, Log
from convenio.ledger.note import parse_vkeys
from convenio.ledger.recovery import Gap, compare
from convenio.ledger.successor import Successor, draft, origin_of, succeed
from convenio.node.logs import SUCCESSOR
from convenio.node.node import Clock, Node, now, open_node


def seen(home: Path, peer: str) -> str:
    """The last checkpoint of a peer's border ledger that this node cosigned, as a signed note.

    Raises:
        NotFound: it has cosigned none.
    """
    node = open_node(home)
    try:
        note = node.logs.latest(peer).decode("utf-8")
    finally:
        node.close()
    if not note:
        raise NotFound(_("this node has cosigned no checkpoint of {peer}", peer=peer))
    return note


def draft_successor(home: Path, peer: str, note: str, reason: Mapping[str, str], *, clock: Clock = now) -> Successor:
    """The document for a border ledger that lacks what its witness has seen.

    Args:
        home: the owner's folder; it does not serve.
        peer: the witness.
        note: what the witness has seen (`seen`).
        reason: why, in both languages.
        clock: the time.

    Raises:
        Conflict: nothing is missing, or the node serves.
        InputError: the note is not signed by this ledger and its witness, or a language of the reason is missing.
    """
    node = open_node(home, clock=clock)
    try:
        folder = node.home.ledger / border(peer)
        with node.home.held(), Log(folder, origin_of(folder, ""), node.keys.ledger) as log:
            try:
                gap = compare(log, note)
            except Conflict:
                vkeys = parse_vkeys((folder / VKEY).read_text(encoding="utf-8"))
                told = open_cosigned(note, vkeys, witnesses_of(folder))
                gap = Gap(log.size, told.size, told.root)
            if gap is None:
                raise Conflict(_("nothing is missing in this ledger"), where=str(folder), kept=_("nothing was changed"))
            return draft(log, gap, reason, node.clock())
    finally:
        node.close()


def succeed_border(home: Path, peer: str, signed: Successor, *, clock: Clock = now) -> Path:
    """Close a border ledger and begin its successor; where the closed one lies.

    Raises:
        Refused: an authority has not signed.
        Conflict: the document is about another ledger, or the node serves.
    """
    node = open_node(home, clock=clock)
    try:
        with node.home.held():
            folder = node.home.ledger / border(peer)
            old = succeed(folder, node.keys.ledger, signed, _both(node, peer))
            _enter(node, signed)
            return old
    finally:
        node.close()


def accept_successor(home: Path, peer: str, signed: Successor, *, clock: Clock = now) -> None:
    """Follow the successor of a peer's border ledger from now on; the mirror of the closed one is kept.

    Raises:
        Refused: an authority has not signed.
        Conflict: it is about another ledger, or what it says was seen is not what this node has seen.
    """
    node = open_node(home, clock=clock)
    try:
        signed.check(_both(node, peer))
        told, held = signed.body, node.logs.seen(peer)
        known = {"size": held.size, "root": held.root.hex()} if held is not None else None
        if told["ledger"] != node.logs.peer_origin(peer) or told["seen"] != known:
            raise Conflict(
                _("this successor is for another ledger, or says that something else was seen than this node has seen"),
                where=peer,
                advice=_("compare with: convenio ledger seen"),
                kept=_("nothing was changed"),
            )
        mirror = node.home.mirror / peer
        if mirror.exists():
            mirror.rename(mirror.with_name(f"{peer}.closed-{told['left']['size']}"))
        path = node.home.witness / peer / SUCCESSOR
        part = path.with_suffix(".part")
        part.write_text(json.dumps(signed.as_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(path)
        _enter(node, signed)
    finally:
        node.close()


def read_successor(path: Path) -> Successor:
    """A successor's document from its file.

    Raises:
        InputError: it is none.
    """
    try:
        return Successor.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(_("this is no document of a ledger's successor"), where=str(path)) from error


def _both(node: Node, peer: str) -> dict[str, Ed25519PublicKey]:
    known = node.peers.authorities()
    if peer not in known:
        raise NotFound(_("{party} is no peer of this node", party=peer))
    return {party: known[party] for party in (node.settings.party, peer)}


def _enter(node: Node, signed: Successor) -> None:
    told = signed.body
    with node.store.transaction() as session:
        remember(
            session,
            INTERNAL,
            "successor",
            at=node.clock(),
            actor="authorities",
            subject=str(told["ledger"]),
            content=signed.as_json(),
            seen=told["seen"],
            left=told["left"],
            successor=told["successor"],
        )
