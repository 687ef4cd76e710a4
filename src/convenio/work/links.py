"""What hangs together: case files, findings and what they rest on, requests, blind matches, copies.

Nothing is shown that the one who looks could not open by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from convenio.core.errors import ConvenioError, NotFound
from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.work.border import Border
from convenio.work.case_files import CaseFiles
from convenio.work.queue import Queue

Kind = Literal["case", "finding", "evidence", "request", "match", "copy"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST = 400
FROM_ONE = 100
WORDS: dict[Kind, Message] = {
    "case": _("case file"),
    "finding": _("finding"),
    "evidence": _("evidence"),
    "request": _("request"),
    "match": _("blind match"),
    "copy": _("received copy"),
}
IN_CASE, RESTS, ASKED, LED, BROUGHT = (
    _("in the case file"),
    _("rests on"),
    _("asked for in this case"),
    _("led to"),
    _("brought"),
)


@dataclass(frozen=True)
class Thing:
    """One thing: its kind and number, what it is called, and what is known of it.

    Args:
        kind: which kind.
        id: its number, or the reference of a piece of evidence.
        title: what it is called, in both languages or plainly.
        program: the program it comes from.
        audience: the audience of its marking.
        at: ISO date of when it came to be.
        address: where it is shown in full.
    """

    kind: Kind
    id: str
    title: Any
    program: str = ""
    audience: str = ""
    at: str = ""
    address: str = ""

    @property
    def key(self) -> str:
        """Its kind and number as one."""
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True)
class Link:
    """Two things and how they hang together."""

    start: str
    end: str
    words: Message


@dataclass(frozen=True)
class Net:
    """Things and links; `cut` where more hangs on them than is shown."""

    things: tuple[Thing, ...]
    links: tuple[Link, ...]
    cut: bool


class Links:
    """Finds what hangs on a thing, for one person.

    Args:
        person: who looks.
        queue: the findings.
        cases: the case files.
        border: the border's papers.
    """

    def __init__(self, person: Person, *, queue: Queue, cases: CaseFiles, border: Border) -> None:
        self._person = person
        self._queue = queue
        self._cases = cases
        self._border = border

    def around(self, kind: Kind, number: str, *, steps: int = 2) -> Net:
        """What hangs on a thing within some steps, at most 400 things.

        Raises:
            NotFound: there is no such thing for this person.
        """
        first = self._thing(kind, number)
        things, links, edge, cut = {first.key: first}, {}, [first], False
        for _step in range(steps):
            outer = []
            for thing in edge:
                found = list(self._next(thing))
                cut = cut or len(found) >= FROM_ONE
                for other, link in found:
                    if other.key not in things and len(things) >= MOST:
                        cut = True
                        continue
                    if other.key not in things:
                        things[other.key] = other
                        outer.append(other)
                    links[frozenset((link.start, link.end))] = link
            edge = outer
        return Net(tuple(things.values()), tuple(links.values()), cut)

    def _thing(self, kind: Kind, number: str) -> Thing:
        if kind == "case":
            return _case(self._cases.get(self._person, number))
        if kind == "request":
            return _request(self._border.request(self._person, number))
        if kind == "match":
            return _match(self._border.run(self._person, number))
        if kind == "copy":
            return _copy(self._border.copy(self._person, number))
        found = (
            self._queue.all(self._person, numbers=[number])
            if kind == "finding"
            else self._queue.all(self._person, resting_on=number, limit=1)
        )
        if not found:
            raise NotFound(_("there is nothing of this kind for you"), where=f"{kind}/{number[:16]}")
        if kind == "finding":
            return _finding(found[0])
        return Thing("evidence", number, number[:24])

    def _next(self, thing: Thing) -> Iterable[tuple[Thing, Link]]:
        by = {
            "case": self._of_case,
            "finding": self._of_finding,
            "evidence": self._of_evidence,
            "request": self._of_request,
            "match": self._of_match,
            "copy": self._of_copy,
        }
        return by[thing.kind](thing)

    def _of_case(self, thing: Thing) -> Iterable[tuple[Thing, Link]]:
        case = self._cases.get(self._person, thing.id)
        for row in self._queue.all(self._person, case_file=thing.id, limit=FROM_ONE):
            found = _finding(row)
            yield found, Link(thing.key, found.key, IN_CASE)
        for row in self._border.requests(self._person, case=case["reference"], limit=FROM_ONE):
            asked = _request(row)
            yield asked, Link(thing.key, asked.key, ASKED)
        for event in self._cases.events(self._person, thing.id)[:FROM_ONE]:
            if event.kind in ("match", "copy"):
                try:
                    other = self._thing("match" if event.kind == "match" else "copy", event.reference)
                except ConvenioError:
                    continue
                yield other, Link(thing.key, other.key, IN_CASE)

    def _of_finding(self, thing: Thing) -> Iterable[tuple[Thing, Link]]:
        for row in self._queue.all(self._person, numbers=[thing.id]):
            for each in row["evidence"][:FROM_ONE]:
                reference = str(each["reference"])
                other = Thing("evidence", reference, each.get("note") or reference[:24])
                if reference.startswith("copy/"):
                    try:
                        other = self._thing("copy", reference.removeprefix("copy/"))
                    except ConvenioError:
                        continue
                yield other, Link(thing.key, other.key, RESTS)
            if row["case_file"]:
                case = self._thing("case", row["case_file"])
                yield case, Link(case.key, thing.key, IN_CASE)

    def _of_evidence(self, thing: Thing) -> Iterable[tuple[Thing, Link]]:
        return self._resting_on(thing, thing.id)

    def _of_copy(self, thing: Thing) -> Iterable[tuple[Thing, Link]]:
        row = self._border.copy(self._person, thing.id)
        for asked in self._border.requests(self._person, number=row["request"]):
            other = _request(asked)
            yield other, Link(other.key, thing.key, BROUGHT)
        yield from self._resting_on(thing, f"copy/{thing.id}")

    def _of_request(self, thing: Thing) -> Iterable[tuple[Thing, Link]]:
        row = self._border.request(self._person, thing.id)
        for held in row["copies"]:
            if self._may_open(held):
                copy = _copy(held)
                yield copy, Link(thing.key, copy.key, BROUGHT)
        if row["run"]:
            try:
                match = _match(self._border.run(self._person, row["run"]))
            except ConvenioError:
                match = None
            if match is not None:
                yield match, Link(match.key, thing.key, LED)
        for case in self._cases.all(self._person):
            if case["reference"] == row["case"]:
                other = _case(case)
                yield other, Link(other.key, thing.key, ASKED)

    def _of_match(self, thing: Thing) -> Iterable[tuple[Thing, Link]]:
        for row in self._border.requests(self._person, run=thing.id, limit=FROM_ONE):
            asked = _request(row)
            yield asked, Link(thing.key, asked.key, LED)

    def _resting_on(self, thing: Thing, reference: str) -> Iterable[tuple[Thing, Link]]:
        for row in self._queue.all(self._person, resting_on=reference, limit=FROM_ONE):
            if any(str(each["reference"]) == reference for each in row["evidence"]):
                found = _finding(row)
                yield found, Link(found.key, thing.key, RESTS)

    def _may_open(self, row: dict[str, Any]) -> bool:
        try:
            self._border.copy(self._person, row["id"])
        except NotFound:
            return False
        return True


def _day(moment: Any) -> str:
    return moment.date().isoformat() if moment is not None else ""


def _finding(row: dict[str, Any]) -> Thing:
    return Thing(
        "finding",
        row["id"],
        row["claim"],
        program=row["program"],
        audience=row["marking"]["audience"],
        at=_day(row["made"]),
        address=f"/findings/{row['id']}",
    )


def _case(row: dict[str, Any]) -> Thing:
    return Thing("case", row["id"], row["reference"], at=_day(row["at"]), address=f"/cases/{row['id']}")


def _request(row: dict[str, Any]) -> Thing:
    title = f"{row['case']} · {row['peer'].upper()}"
    return Thing("request", row["id"], title, at=_day(row["at"]), address=f"/requests/{row['id']}")


def _match(row: dict[str, Any]) -> Thing:
    title = f"{row['case']} · {row['peer'].upper()}"
    return Thing("match", row["id"], title, at=_day(row["at"]), address=f"/matches/{row['id']}")


def _copy(row: dict[str, Any]) -> Thing:
    title = f"{row['peer'].upper()} · {row['id'][:8]}"
    return Thing("copy", row["id"], title, at=_day(row["at"]), address=f"/copies/{row['id']}")
