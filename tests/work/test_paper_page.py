"""Lists of the border's papers: found by the database, each for those who may see it, also far beyond the newest."""

from __future__ import annotations

import datetime as dt

import pytest

from convenio.core.errors import NotFound
from convenio.stores.tables import Approval, MatchRun, Receipt, Request
from convenio.work.border import Border
from convenio.work.paper_page import Wanted, papers_page
from tests.people.conftest import clock, people  # noqa: F401 - fixtures
from tests.stores.conftest import address, server, store  # noqa: F401 - fixtures: both engines
from tests.work.test_work import staff  # noqa: F401 - fixture

BEGAN = dt.datetime(2021, 10, 6, tzinfo=dt.UTC)
MANY = 130
TITLES = {("bi-2021", "finance"): "Inteligencia financiera", ("bi-2021", "missing"): "Personas desaparecidas"}


def a_run(n: int) -> MatchRun:
    return MatchRun(
        id=f"run-{n:05}",
        side="ask" if n % 2 else "answer",
        peer="us",
        agreement="bi-2021",
        clause="finance" if n % 3 else "missing",
        key_kind="curp",
        case_reference=f"CASE-{n}",
        actor="ana" if n % 4 == 1 else "nora",
        snapshot="s",
        subjects=n,
        asked=n,
        padded_size=0,
        hits=None if n % 5 else 1,
        state="done",
        commitment="",
        details={"agency": "uif" if n % 4 == 1 else "cnb"},
        openings=None,
        started_at=BEGAN + dt.timedelta(hours=n),
        finished_at=None,
    )


def a_request(n: int) -> Request:
    return Request(
        id=f"request-{n:03}",
        side="answer",
        peer="us",
        agreement="bi-2021",
        clause="finance",
        purpose="p",
        case_reference=f"CASE-{n}",
        fields=["name"],
        run=f"run-{n:05}",
        references=["r"] * n,
        asker="ruth",
        asker_agency="ofac",
        asker_role="analyst",
        subject_role="designee",
        reason="",
        state="waiting" if n % 2 else "released",
        until=None,
        answer=None,
        opened_at=BEGAN + dt.timedelta(days=n),
        answered_at=None,
    )


@pytest.fixture
def papers(store, staff):  # noqa: F811
    with store.transaction() as session:
        session.add_all(a_run(n) for n in range(MANY))
        session.add_all(a_request(n) for n in range(10))
        for n, who in enumerate(("olga", "omar")):
            given = {"credential": "c", "decision_digest": "d", "signature": {}, "at": BEGAN}
            session.add(Approval(request="request-003", account=who, **given))
            session.add(
                Receipt(
                    id=f"receipt-{n}",
                    at=BEGAN,
                    allowed=bool(n),
                    act="open",
                    actor=who,
                    agreement="bi-2021",
                    clause="finance",
                    subject="copy",
                    body={"failed": [{"en": "not for court", "es": "no ante un tribunal: prohibición"}]},
                )
            )
    return store


def ids(found) -> list[str]:
    return [each["id"] for each in found[0]]


def test_the_oldest_of_many_is_on_the_last_page_and_opens(papers, staff, clock):  # noqa: F811
    rows, total = papers_page(papers, staff["sara"], "runs", Wanted(start=MANY - 2, limit=25))
    assert total == MANY
    assert [each["id"] for each in rows] == ["run-00001", "run-00000"]
    assert Border(papers, clock).run(staff["sara"], "run-00000")["case"] == "CASE-0"


def test_an_analyst_sees_what_the_agency_asked_and_counts_nothing_else(papers, staff, clock):  # noqa: F811
    rows, total = papers_page(papers, staff["ana"], "runs", Wanted(limit=MANY))
    assert total == len(rows) == sum(n % 4 == 1 for n in range(MANY))
    assert {each["agency"] for each in rows} == {"uif"}
    assert papers_page(papers, staff["ana"], "requests", Wanted())[1] == 0
    with pytest.raises(NotFound):
        Border(papers, clock).run(staff["ana"], "run-00003")


def test_what_is_hidden_is_not_found_by_searching_for_it(papers, staff):  # noqa: F811
    rows, total = papers_page(papers, staff["ada"], "runs", Wanted())
    assert (total, rows[0]["case"]) == (MANY, "–")
    assert papers_page(papers, staff["ada"], "runs", Wanted(search="CASE-7"))[1] == 0
    sorted_by_case = ids(papers_page(papers, staff["ada"], "runs", Wanted(sort="case")))
    assert sorted_by_case == ids(papers_page(papers, staff["ada"], "runs", Wanted()))


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(search="case-129"), lambda n: n == 129),
        (Wanted(filters={"side": ["ask"]}), lambda n: n % 2),
        (Wanted(filters={"asked.min": ["10"], "asked.max": ["19.0"]}), lambda n: 10 <= n < 20),
        (Wanted(filters={"asked": ["7", "x"]}), lambda n: n == 7),
        (Wanted(filters={"at.min": ["2021-10-07"]}), lambda n: n >= 24),
        (Wanted(filters={"at.min": ["nonsense"]}), lambda _n: False),
        (Wanted(search="desaparecidas", titles=TITLES), lambda n: not n % 3),
        (Wanted(filters={"title": ["financiera"]}, titles=TITLES), lambda n: n % 3),
        (Wanted(search="%"), lambda _n: False),
        (Wanted(filters={"hits": ["1"]}), lambda n: not n % 5),
    ],
)
def test_filters_find_what_they_say(papers, staff, wanted, fits):  # noqa: F811
    assert papers_page(papers, staff["sara"], "runs", wanted)[1] == sum(bool(fits(n)) for n in range(MANY))


def test_requests_come_with_their_approvals_sorted_as_asked(papers, staff, clock):  # noqa: F811
    wanted = Wanted(sort="case", down=True, limit=3, filters={"state": ["waiting"]})
    rows, total = papers_page(papers, staff["olga"], "requests", wanted)
    assert total == 5
    assert [each["case"] for each in rows] == ["CASE-9", "CASE-7", "CASE-5"]
    held = papers_page(papers, staff["olga"], "requests", Wanted(search="CASE-3"))[0]
    assert [(each["approvals"], each["subjects"]) for each in held] == [(2, 3)]
    border = Border(papers, clock)
    assert [each["id"] for each in border.requests(staff["olga"], case="CASE-3")] == ["request-003"]
    assert [each["id"] for each in border.requests(staff["olga"], run="run-00004")] == ["request-004"]


def test_refusals_are_found_by_their_reason_with_its_accents(papers, staff):  # noqa: F811
    wanted = Wanted(search="Prohibición", only={"allowed": False})
    assert ids(papers_page(papers, staff["sara"], "receipts", wanted)) == ["receipt-0"]
    assert ids(papers_page(papers, staff["sara"], "receipts", Wanted(filters={"allowed": ["1"]}))) == ["receipt-1"]
    assert ids(papers_page(papers, staff["olga"], "receipts", Wanted())) == ["receipt-1", "receipt-0"]
    assert ids(papers_page(papers, staff["ana"], "receipts", Wanted())) == []
