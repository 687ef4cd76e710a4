"""What waits for a person, what is late, and what changed: the first thing each role sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from convenio.console.context import Console
from convenio.console.ledgers import ledger_states
from convenio.console.view import part
from convenio.console.words import ACTS, STATES, TONES
from convenio.core.words import Message, _, _n
from convenio.people.accounts import Person

LATE = dt.timedelta(days=2)
SOON = dt.timedelta(days=7)
RECENT = dt.timedelta(days=7)
MOST_EVENTS = 12


@dataclass(frozen=True)
class Tile:
    """A number that leads somewhere."""

    number: int
    what: Message
    address: str
    tone: str = ""


def tiles(console: Console, person: Person) -> list[Tile]:
    """The numbers of the person's roles, what needs doing first."""
    made: list[Tile] = []
    now = console.now()
    if person.has("releasing_officer", "supervisor"):
        made += _of_the_decisions(console, person, now)
    if person.has("analyst", "supervisor"):
        made += _of_the_queue(console, person)
    if person.has("analyst"):
        sent = sum(each["side"] == "ask" and each["state"] == "sent" for each in console.border.requests(person))
        what = _n("request of ours is not answered yet", "requests of ours are not answered yet", sent)
        made.append(Tile(sent, what, "/requests?f.state=sent"))
    if person.has("analyst", "supervisor", "auditor", "ombudsperson"):
        soon = sum(now < each["expires"] < now + SOON for each in console.border.copies(person))
        what = _n("copy is gone within a week", "copies are gone within a week", soon)
        made.append(Tile(soon, what, "/copies?sort=expires", "wait" if soon else ""))
    if person.has("auditor", "ombudsperson", "supervisor"):
        made += _of_the_checks(console, person, now)
    if person.has("secretariat"):
        made += _of_the_whole(console)
    if person.has("administrator"):
        made += _of_the_accounts(console)
    return made


def events(console: Console, person: Person) -> list[dict[str, Any]]:
    """What changed lately at the border, as far as the person may see it, the newest first."""
    found = [
        _event(each["at"], _("Blind match"), f"{each['peer'].upper()} · {each['case']}", each["state"], "matches", each)
        for each in console.border.runs(person)[:MOST_EVENTS]
        if not person.has("administrator", "secretariat")
    ]
    found += [
        _event(each["at"], _("Request"), f"{each['peer'].upper()} · {each['case']}", each["state"], "requests", each)
        for each in console.border.requests(person)[:MOST_EVENTS]
    ]
    for each in [row for row in console.border.receipts(person) if not row["allowed"]][:MOST_EVENTS]:
        what = _("Refused: {act}", act=ACTS.get(each["act"], each["act"]))
        found.append(_event(each["at"], what, each["actor"], "refused", "receipts", each))
    return sorted(found, key=lambda each: str(each["at"]), reverse=True)[:MOST_EVENTS]


def _event(at: Any, what: Message, detail: str, state: str, place: str, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": at,
        "what": what,
        "who": STATES.get(state, state),
        "detail": detail,
        "tone": TONES.get(state, ""),
        "address": f"/{place}/{row['id']}",
    }


def _of_the_decisions(console: Console, person: Person, now: dt.datetime) -> list[Tile]:
    """What officers decide on: requests, and what travels with a release; the latter only where something waits."""
    waiting = console.border.counts().waiting
    what = _n("request waits for a decision", "requests wait for a decision", waiting)
    made = [Tile(waiting, what, "/requests?f.state=waiting&sort=at", "wait" if waiting else "")]
    late = console.border.waiting_since(now - LATE)
    if late:
        what = _n("of them has waited for two days or more", "of them have waited for two days or more", late)
        made.append(Tile(late, what, "/requests?f.state=waiting&sort=at", "bad"))
    consents = len(_of(console, "consenting", state="waiting"))
    corrections = sum(each.state == "waiting" for each in _of(console, "corrections", pending=True))
    orders = sum(each.holder == person.agency for each in _of(console, "orders", state="waiting"))
    further = (
        (consents, "consents", _n("consent waits for a decision", "consents wait for a decision", consents)),
        (corrections, "corrections", _n("correction waits to be signed", "corrections wait to be signed", corrections)),
        (orders, "standing", _n("standing order waits for a decision", "standing orders wait for a decision", orders)),
    )
    return made + [Tile(count, words, f"/{place}?f.state=waiting", "wait") for count, place, words in further if count]


def _of(console: Console, name: str, **asked: Any) -> Sequence[Any]:
    """What a room of the border holds; nothing on a node without a peer."""
    room = part(console.node, name)
    return room.all(**asked) if room is not None else ()


def _of_the_queue(console: Console, person: Person) -> list[Tile]:
    mine, new = console.queue.waiting(person), console.queue.open(person)
    return [
        Tile(
            mine,
            _n("finding is assigned to me", "findings are assigned to me", mine),
            f"/findings?f.assignee={person.name}&f.state=assigned",
            "wait" if mine else "",
        ),
        Tile(
            new,
            _n("finding nobody has looked at", "findings nobody has looked at", new),
            "/findings?f.state=new",
            "wait" if new else "",
        ),
    ]


def _of_the_checks(console: Console, person: Person, now: dt.datetime) -> list[Tile]:
    refused = sum(not each["allowed"] and each["at"] > now - RECENT for each in console.border.receipts(person))
    alarms = sum(each.alarm for each in ledger_states(console.node))
    made = [
        Tile(
            refused,
            _n("act refused in the last week", "acts refused in the last week", refused),
            "/receipts?f.allowed=0",
            "bad" if refused else "",
        )
    ]
    if person.has("supervisor"):
        made += _of_the_law(console)
    if alarms:
        what = _n("ledger has been without its witness for too long", "ledgers have been without a witness", alarms)
        made.append(Tile(alarms, what, "/ledgers", "bad"))
    return made


def _of_the_law(console: Console) -> list[Tile]:
    """Contacts whose term to be reported is near or over, where the party's law asks for them."""
    room = part(console.node, "paperwork")
    late = len(room.late()) if room is not None else 0
    what = _n(
        "contact is to be reported by law, soon or late", "contacts are to be reported by law, soon or late", late
    )
    return [Tile(late, what, "/paperwork", "bad")] if late else []


def _of_the_whole(console: Console) -> list[Tile]:
    counts = console.border.counts()
    asked, passed = counts.asked + counts.answered, counts.released + counts.received
    return [
        Tile(asked, _n("blind match in all", "blind matches in all", asked), "/border"),
        Tile(counts.requests, _n("request in all", "requests in all", counts.requests), "/border"),
        Tile(passed, _n("release in all", "releases in all", passed), "/border", "good"),
        Tile(counts.refused, _n("act refused in all", "acts refused in all", counts.refused), "/border"),
    ]


def _of_the_accounts(console: Console) -> list[Tile]:
    people = console.people.all()
    officers = [each for each in people if each.has("releasing_officer")]
    without = sum(not console.credentials.of(each.name) for each in officers)
    what = _n("officer has no key of their own yet", "officers have no key of their own yet", without)
    return [
        Tile(len(people), _n("account is open", "accounts are open", len(people)), "/administration"),
        Tile(without, what, "/administration", "wait" if without else "good"),
    ]
