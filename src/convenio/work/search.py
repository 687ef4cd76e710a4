"""Search over what the one who asks may see, and nothing else: what is not theirs is not counted either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.work.border import Border
from convenio.work.case_files import CaseFiles
from convenio.work.queue import Queue

SHORTEST = 2
MOST = 200

KINDS: dict[str, Message] = {
    "finding": _("finding"),
    "case_file": _("case file"),
    "request": _("request"),
    "match": _("blind match"),
    "receipt": _("receipt"),
    "agreement": _("agreement"),
}


@dataclass(frozen=True)
class Found:
    """One thing that fits.

    Args:
        kind: what it is.
        title: what it is called, plainly or in both languages.
        detail: what else tells it apart.
        address: where it is shown.
        clause: agreement and clause that it is under.
        program: the program it comes from.
        act: the act that a receipt is of.
        purpose: the purpose of a case file.
    """

    kind: str
    title: Any
    detail: str
    address: str
    clause: tuple[str, str] | None = None
    program: str = ""
    act: str = ""
    purpose: str = ""


def search(person: Person, text: str, *, queue: Queue, cases: CaseFiles, border: Border) -> list[Found]:
    """What fits all words of `text`, at most 200 things.

    Args:
        person: who looks.
        text: the words; less than two characters find nothing.
        queue: the findings.
        cases: the case files.
        border: the border's papers.
    """
    words = text.casefold().split()
    if len(text.strip()) < SHORTEST or not words:
        return []
    found = []
    for each, searched in _all(person, queue, cases, border):
        haystack = " ".join(_flat(searched)).casefold()
        if all(word in haystack for word in words):
            found.append(each)
        if len(found) >= MOST:
            break
    return found


def _all(person: Person, queue: Queue, cases: CaseFiles, border: Border) -> Iterator[tuple[Found, Any]]:
    for row in cases.all(person):
        title, there = f"{row['reference']}: {row['title']}", f"/cases/{row['id']}"
        found = Found("case_file", title, "", there, purpose=row["purpose"])
        yield found, [row["reference"], row["title"], row["purpose"], row["id"]]
    for row in queue.all(person):
        found = Found("finding", row["claim"], "", f"/findings/{row['id']}", program=row["program"])
        yield found, [row["claim"], row["program"], row["method"], row["id"]]
    for row in border.requests(person):
        detail, there = f"{row['asker']} · {row['peer'].upper()}", f"/requests/{row['id']}"
        found = Found("request", row["case"], detail, there, clause=(row["agreement"], row["clause"]))
        yield found, [row["case"], row["clause"], detail, row["id"], row["fields"], row["agency"]]
    if person.has("analyst", "releasing_officer", "supervisor", "auditor", "ombudsperson"):
        for row in border.runs(person):
            detail, there = f"{row['actor']} · {row['peer'].upper()}", f"/matches/{row['id']}"
            found = Found("match", row["case"], detail, there, clause=(row["agreement"], row["clause"]))
            yield found, [row["case"], row["clause"], row["id"]]
    for row in border.receipts(person):
        clause, there = (row["agreement"], row["clause"]), f"/receipts/{row['id']}"
        found = Found("receipt", row["act"], row["actor"], there, clause=clause, act=row["act"])
        yield found, [row["act"], row["clause"], row["actor"], row["id"], row["subject"]]
    for row in border.agreements():
        document = row["signed"].get("document", {})
        for clause in document.get("clauses", []):
            address = f"/agreements/{row['id']}?version={row['version']}#{clause['id']}"
            found = Found("agreement", clause["title"], document["title"]["en"], address)
            yield found, [clause["title"], clause["text"], clause["id"], document["title"]]


def _flat(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _flat(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _flat(each)
    elif value is not None:
        yield str(value)
