"""What people work on at this node: findings, case files and jobs, each shown as far as its page shows it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import false

from convenio.api.access import TheNode, ThePerson, scoped
from convenio.api.lists import After, Limit, Rows, named, shown
from convenio.api.refusals import REFUSALS
from convenio.core.marking import Marking, join_all
from convenio.node.node import Node
from convenio.people.accounts import Person
from convenio.people.roles import Role
from convenio.work.case_files import CaseFiles
from convenio.work.jobs import Jobs
from convenio.work.marks import Marks
from convenio.work.papers import PaperPage, Papers
from convenio.work.queue import Queue
from convenio.work.tables import CaseFileRow, FindingRow, Job

router = APIRouter(tags=["work"], responses=REFUSALS)
READERS: tuple[Role, ...] = ("analyst", "supervisor", "auditor", "ombudsperson")
Number = Annotated[str, Path(pattern=r"^[0-9a-f]{16,64}$")]
State = Literal["new", "assigned", "verified", "dismissed"]
Programme = Annotated[str | None, Query(max_length=64, description="Only findings of this program.")]

FINDING = ("id", "program", "method", "rank", "state", "assignee", "case_file", "made_at", "changed_at", "version")
CASE = ("id", "agency", "reference", "title", "purpose", "opened_by", "opened_at", "closed_at")
JOB = ("id", "kind", "title", "state", "share", "address", "trouble", "created_at", "finished_at")


class Worklists(Papers):
    """Findings, case files and jobs page by page, the newest first."""

    def findings(
        self, person: Person, *, after: str | None, limit: int, state: str | None, program: str | None
    ) -> PaperPage[FindingRow]:
        """The findings of the person's agency."""
        where = [FindingRow.agency == person.agency if person.has(*READERS) else false()]
        where += [FindingRow.state == state] if state is not None else []
        where += [FindingRow.program == program] if program is not None else []
        return self._page(FindingRow, FindingRow.made_at, lambda _each: True, after, limit, *where)

    def cases(self, person: Person, *, after: str | None, limit: int) -> PaperPage[CaseFileRow]:
        """The case files of the person's agency."""
        where = CaseFileRow.agency == person.agency if person.has(*READERS) else false()
        return self._page(CaseFileRow, CaseFileRow.opened_at, lambda _each: True, after, limit, where)

    def jobs(self, person: Person, *, after: str | None, limit: int) -> PaperPage[Job]:
        """The person's own jobs."""
        mine = Job.account == person.name
        return self._page(Job, Job.created_at, lambda _each: True, after, limit, mine)


@router.get("/findings")
def findings(
    node: TheNode,
    person: ThePerson,
    request: Request,
    answer: Response,
    state: State | None = None,
    program: Programme = None,
    limit: Limit = 100,
    after: After = None,
) -> Rows:
    """The findings of the person's agency; one whose received copy has ended says so in place of its claim."""
    scoped("read", person)
    page = Worklists(node.store).findings(person, after=after, limit=limit, state=state, program=program)
    told = _queue(node).claims(person, [each.id for each in page.rows])

    def shape(each: FindingRow) -> dict[str, Any]:
        return {**named(each, FINDING), "claim": told.get(each.id, each.finding["claim"])}

    return shown(request, answer, page, shape)


@router.get("/findings/{number}")
def finding(number: Number, node: TheNode, person: ThePerson) -> dict[str, Any]:
    """One finding, whole; it leaves the same ledger entry as its page, whose mark stands in `shown_to`."""
    scoped("read", person)
    row, whole = _queue(node).get(person, number)
    return {**row, "finding": whole.model_dump(mode="json"), "shown_to": _marked(node, person, number)}


@router.get("/cases")
def cases(
    node: TheNode, person: ThePerson, request: Request, answer: Response, limit: Limit = 100, after: After = None
) -> Rows:
    """The case files of the person's agency."""
    scoped("read", person)
    page = Worklists(node.store).cases(person, after=after, limit=limit)
    return shown(request, answer, page, lambda each: named(each, CASE))


@router.get("/cases/{number}")
def case(number: Number, node: TheNode, person: ThePerson) -> dict[str, Any]:
    """One case file: what was put into it, its findings and their strictest marking; it leaves its page's entry."""
    scoped("read", person)
    files = CaseFiles(node.store, node.clock)
    held, events = files.get(person, number), files.events(person, number)
    inside = _queue(node).all(person, case_file=number)
    markings = [Marking.model_validate(each["marking"]) for each in inside]
    return {
        **held,
        "events": [asdict(each) for each in events],
        "findings": [{name: each[name] for name in ("id", "program", "claim", "state", "marking")} for each in inside],
        "marking": join_all(markings).model_dump(mode="json") if markings else None,
        "shown_to": _marked(node, person, number),
    }


@router.get("/jobs")
def jobs(
    node: TheNode, person: ThePerson, request: Request, answer: Response, limit: Limit = 100, after: After = None
) -> Rows:
    """The person's own jobs; what came of one stands at its `address` in the console."""
    scoped("read", person)
    page = Worklists(node.store).jobs(person, after=after, limit=limit)
    return shown(request, answer, page, lambda each: named(each, JOB))


@router.get("/jobs/{number}")
def job(number: Number, node: TheNode, person: ThePerson) -> dict[str, Any]:
    """One of the person's jobs: how far it is, and what came of it."""
    scoped("read", person)
    return Jobs(node.store, node.people, node.clock).get(person, number)


def _queue(node: Node) -> Queue:
    return Queue(node.store, node.clock, node.derived)


def _marked(node: Node, person: Person, subject: str) -> str:
    return Marks(node.store, node.clock).show(person, subject)
