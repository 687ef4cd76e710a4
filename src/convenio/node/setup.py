"""Making a node: its folder, keys, database, and the roster that its party's authority is asked to sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.exchange.keys import create_keys, load_keys
from convenio.exchange.rotation import Staged, activate, stage, staged
from convenio.ledger.intents import INTERNAL, border, remember
from convenio.ledger.log import VKEY, renew_key
from convenio.ledger.successor import origin_of
from convenio.node.home import Home
from convenio.node.node import Clock, Node, now, open_node
from convenio.node.settings import Settings
from convenio.people.accounts import People
from convenio.people.credentials import Credentials
from convenio.policy.roster import NodeKey, OfficerEntry, Roster
from convenio.stores.operational import Store

ROSTER_REQUEST = "roster-request.json"


def create_node(settings: Settings, *, clock: Clock = now) -> Path:
    """Make a node in a new folder: whole, or not at all.

    Returns:
        The roster request, which the party's authority signs.

    Raises:
        ConvenioError: the folder is not empty, or two ports are the same.
    """
    if settings.port == settings.exchange_port:
        raise InputError(
            _("pages and exchange cannot share the port {port}", port=settings.port),
            advice=_("give them two ports"),
            kept=_("nothing was changed"),
        )
    home = Home(settings.home)
    with home.made():
        create_keys(home.keys, settings.party, clock())
        for folder in (home.tables, home.matches, home.ledger, home.witness, home.mirror):
            folder.mkdir(mode=0o700)
        store = Store(settings.url)
        store.migrate()
        store.close()
        settings.write()
        return write_roster_request(settings, clock=clock)


def write_roster_request(
    settings: Settings, *, previous: Roster | None = None, clock: Callable[[], dt.datetime] = now
) -> Path:
    """Write the roster that the node would like to have signed: its own keys, and every enrolled credential.

    What stood in the roster before stays in it, from when it was good: a key or credential that is no longer in use
    with the moment from which nothing signed by it is taken.
    """
    home = Home(settings.home)
    keys = load_keys(home.keys)
    store = Store(settings.url)
    try:
        at = clock()
        wanted = Roster(
            party=settings.party,
            version=previous.version + 1 if previous is not None else 1,
            issued_at=at,
            keys=_keys(keys.public(), staged(home.keys), previous, at),
            officers=_officers(People(store, clock), Credentials(store, clock), previous, at),
        )
    finally:
        store.close()
    path = home.path / ROSTER_REQUEST
    path.write_text(wanted.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return path


def renew_roster_request(home: Path) -> Path:
    """Write the next version's roster request of a node that has a roster."""
    node: Node = open_node(home)
    try:
        previous = node.peers.roster(node.settings.party)
    finally:
        node.close()
    return write_roster_request(node.settings, previous=previous)


def _keys(
    own: Mapping[str, str], waiting: Sequence[Staged], previous: Roster | None, at: dt.datetime
) -> tuple[NodeKey, ...]:
    """The node's keys, oldest first within a kind; one that the node no longer has is revoked."""
    used = {*own.values(), *(each.public for each in waiting)}
    held = list(previous.keys) if previous is not None else []
    kept = [
        each if each.revoked_at is not None or each.public in used else each.model_copy(update={"revoked_at": at})
        for each in held
    ]
    known = {each.public for each in held}
    more = [NodeKey(kind=kind, public=public, not_before=at) for kind, public in own.items() if public not in known]
    more += [
        NodeKey(kind=each.kind, public=each.public, not_before=each.good_from)
        for each in waiting
        if each.public not in known
    ]
    return (*kept, *more)


def _officers(
    people: People, credentials: Credentials, previous: Roster | None, at: dt.datetime
) -> tuple[OfficerEntry, ...]:
    """Everyone's credentials; one that was revoked here stays, with the moment of its revocation."""
    made: dict[str, OfficerEntry] = {}
    for each in credentials.all():
        person = people.person(each.account)
        made[each.id] = OfficerEntry(
            credential=each.id,
            person=person.name,
            name=person.full_name,
            agency=person.agency,
            roles=tuple(sorted(person.roles)),
            kind=each.kind,
            public=each.public,
            not_before=at,
        )
    for held in previous.officers if previous is not None else ():
        if held.credential in made and held.revoked_at is None:
            made[held.credential] = made[held.credential].model_copy(update={"not_before": held.not_before})
        else:
            made[held.credential] = held if held.revoked_at else held.model_copy(update={"revoked_at": at})
    return tuple(made.values())


def rotate(home: Path, kind: str, good_from: dt.datetime, *, clock: Clock = now) -> Path:
    """Make a new key of a kind, good from a moment on; the roster request that names it beside the old one.

    Raises:
        InputError: there is no such kind.
        Conflict: one is waiting already.
    """
    node: Node = open_node(home, clock=clock)
    try:
        stage(node.home.keys, kind, node.settings.party, max(good_from, node.clock()))
        previous = node.peers.roster(node.settings.party)
    finally:
        node.close()
    return write_roster_request(node.settings, previous=previous, clock=clock)


def take_into_use(home: Path, kind: str, *, clock: Clock = now) -> Path:
    """Take a waiting key into use, in a node that does not serve; the roster request that revokes the old one.

    Raises:
        Conflict: the node serves.
        Refused: the key is not good yet, or the roster that names it has not been taken.
    """
    node: Node = open_node(home, clock=clock)
    try:
        with node.home.held():
            previous = node.peers.roster(node.settings.party)
            activate(node.home.keys, kind, previous.public_keys(kind, node.clock()), node.clock())
            if kind == "ledger":
                key = load_keys(node.home.keys).ledger
                for folder in sorted(each for each in node.home.ledger.iterdir() if (each / VKEY).exists()):
                    renew_key(folder, origin_of(folder, ""), key)
            with node.store.transaction() as session:
                for log in (INTERNAL, *(border(each.party) for each in node.peers.all())):
                    remember(session, log, "key-rotated", at=node.clock(), actor="node", subject=kind)
    finally:
        node.close()
    return write_roster_request(node.settings, previous=previous, clock=clock)
