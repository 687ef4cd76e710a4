"""What has to hold after any storm: nothing lost, nothing twice, every request ended, ledgers verify and reconcile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from convenio.ledger.folders import read_ledger
from convenio.ledger.reconcile import read_entries, reconcile
from convenio.ledger.verify import verify
from convenio.stores.tables import InboxMessage, OutboxMessage


def letters(us, mx, told: str) -> None:
    """Every letter that one side sent was taken by the other, once."""
    for node, other in ((us, mx), (mx, us)):
        with node.store.reading() as session:
            sent = {each.id for each in session.query(OutboxMessage)}
            waiting = [(each.kind, each.trouble) for each in session.query(OutboxMessage) if each.delivered_at is None]
        with other.store.reading() as session:
            taken = [each.id for each in session.query(InboxMessage)]
        assert not waiting, (told, waiting)
        assert sent == set(taken), (told, "a letter was lost", len(sent), len(taken))
        assert len(taken) == len(set(taken)), told


def requests(us, mx, asked: Sequence[str], told: str) -> None:
    """Every request ended the same on both sides, and every release of one is a copy that can be read."""
    for request in asked:
        ours, theirs = us.requests.get(request), mx.requests.get(request)
        assert ours.state == theirs.state, (told, request, ours.state, theirs.state)
        assert ours.state in {"released", "refused"}, (told, request, ours.state)
    released = {each for each in asked if us.requests.get(each).state == "released"}
    copies = [each for each in us.copies.all(limit=100_000) if each.request in set(asked)]
    assert sorted(each.request for each in copies) == sorted(released), told
    for release in mx.releases.all(limit=100_000):
        copy = next(each for each in us.copies.all(limit=100_000) if each.id == release.id)
        fits = {"delivered": "open", "recalled": "recalled"}
        assert fits.get(release.state) == copy.state, (told, release.id, release.state, copy.state)


def ledgers(us, mx, told: str, now: dt.datetime) -> None:
    """Both border ledgers verify, are cosigned whole, and hold nothing that the other lacks."""
    entries = {}
    for party, node, name in (("us", us, "border-mx"), ("mx", mx, "border-us")):
        folder = node.settings.home / "ledger" / name
        report = verify(folder)
        assert report.holds, (told, party, report.as_json())
        assert report.cosigned == report.size, (told, party, report.cosigned, report.size)
        assert verify(node.settings.home / "ledger" / "internal").holds, (told, party)
        entries[party] = list(read_entries(read_ledger(folder)[0]))
        numbers = [entry.intent for _index, entry in entries[party]]
        assert len(numbers) == len(set(numbers)), (told, party, "an entry stands twice")
    found = reconcile(("us", entries["us"]), ("mx", entries["mx"]), now=now)
    unfit = [each for each in found.orphans if each.state != "open" and each.wanted not in {"answered", "asked"}]
    assert not unfit, (told, [each.as_json() for each in unfit][:3])
