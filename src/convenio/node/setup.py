"""Making a node: its folder, keys, database, and the roster that its party's authority is asked to sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.exchange.keys import create_keys, load_keys
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


def write_roster_request(settings: Settings, *, version: int = 1, clock: Callable[[], dt.datetime] = now) -> Path:
    """Write the roster that the node would like to have signed: its own keys, and every enrolled credential."""
    home = Home(settings.home)
    keys = load_keys(home.keys)
    store = Store(settings.url)
    try:
        people, at = People(store, clock), clock()
        officers = []
        for each in Credentials(store, clock).all():
            person = people.person(each.account)
            officers.append(
                OfficerEntry(
                    credential=each.id,
                    person=person.name,
                    name=person.full_name,
                    agency=person.agency,
                    roles=tuple(sorted(person.roles)),
                    kind=each.kind,
                    public=each.public,
                    not_before=at,
                )
            )
        wanted = Roster(
            party=settings.party,
            version=version,
            issued_at=at,
            keys=tuple(NodeKey(kind=kind, public=public, not_before=at) for kind, public in keys.public().items()),
            officers=tuple(officers),
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
        version = node.peers.roster(node.settings.party).version + 1
    finally:
        node.close()
    return write_roster_request(node.settings, version=version)
