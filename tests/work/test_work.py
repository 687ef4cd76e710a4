from __future__ import annotations

import threading

import pytest

from convenio.console.samples import sample_finding
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import Message
from convenio.work.case_files import CaseFiles
from convenio.work.jobs import Jobs
from convenio.work.queue import Queue
from convenio.work.queue_page import Wanted, queue_page
from convenio.work.sent_forms import SentForms
from convenio.work.views import Views
from tests.people.conftest import clock, people, store  # noqa: F401 - fixtures


@pytest.fixture
def staff(people):  # noqa: F811
    people.add_agency("cnb", en="Search Commission", es="Comisión de Búsqueda")
    for name, agency, role in [
        ("ana", "uif", "analyst"),
        ("eva", "uif", "analyst"),
        ("sara", "uif", "supervisor"),
        ("olga", "uif", "releasing_officer"),
        ("ada", "uif", "administrator"),
        ("nora", "cnb", "analyst"),
    ]:
        people.add(name, "a long password", full_name=name.title(), agency=agency, roles=[role])
    return {each.name: each for each in people.all()}


@pytest.fixture
def queue(store, clock, staff):  # noqa: F811
    made = Queue(store, clock)
    made.add([sample_finding()], agency="uif", by="ana")
    return made


def test_a_finding_is_there_once_and_for_its_agency_alone(queue, staff):
    assert queue.add([sample_finding()], agency="uif", by="ana") == 0
    number = queue.all(staff["ana"])[0]["id"]
    assert queue.get(staff["sara"], number)[1] == sample_finding()
    assert queue.all(staff["nora"]) == queue.all(staff["ada"]) == []
    for other in ("nora", "ada", "olga"):
        with pytest.raises(NotFound):
            queue.get(staff[other], number)


def test_a_page_of_the_queue_is_found_by_the_database(queue, store, staff):  # noqa: F811
    base = sample_finding()
    many = [base.model_copy(update={"params": {"n": n}}) for n in range(60)]
    queue.add(many, agency="uif", by="ana", ranks=[float(n) for n in range(60)])
    rows, total = queue_page(store, staff["ana"], Wanted(limit=25), "en")
    assert (len(rows), total, rows[0]["rank"]) == (25, 61, 1250.0)
    rows, total = queue_page(store, staff["ana"], Wanted(sort="rank", start=50, limit=25), "en")
    assert [each["rank"] for each in rows][:2] == [50.0, 51.0]
    bounds = Wanted(filters={"rank.min": ["10"], "rank.max": ["19.5"], "state": ["new"]})
    assert queue_page(store, staff["ana"], bounds, "en")[1] == 10
    assert queue_page(store, staff["ana"], Wanted(search="dos nombres"), "es")[1] == 61
    assert queue_page(store, staff["ana"], Wanted(search="dos nombres"), "en")[1] == 0
    assert queue_page(store, staff["ana"], Wanted(search="100%_'"), "en")[1] == 0
    assert queue_page(store, staff["ana"], Wanted(filters={"made.min": ["2021-10-06"]}), "en")[1] == 61
    assert queue_page(store, staff["ana"], Wanted(filters={"made.min": ["2021-10-07"]}), "en")[1] == 0
    assert queue_page(store, staff["ana"], Wanted(filters={"rank.min": ["x"]}), "en")[1] == 61
    for other in ("nora", "ada"):
        assert queue_page(store, staff[other], Wanted(), "en") == ([], 0)


def test_a_dismissal_needs_a_reason_and_a_decision_stands(queue, staff):
    number = queue.all(staff["ana"])[0]["id"]
    with pytest.raises(InputError):
        queue.dismiss(staff["ana"], number, 1, "  ")
    queue.assign(staff["sara"], number, 1, "eva")
    assert queue.waiting(staff["eva"]) == 1
    queue.dismiss(staff["eva"], number, 2, "another person")
    assert queue.all(staff["ana"])[0]["state"] == "dismissed"
    with pytest.raises(Conflict, match="eva"):
        queue.verify(staff["sara"], number, 2, "it holds")
    with pytest.raises(Conflict):
        queue.verify(staff["sara"], number, 3, "it holds")


def test_findings_are_given_to_analysts_of_the_agency_alone(queue, staff):
    number = queue.all(staff["ana"])[0]["id"]
    for other in ("nora", "olga", "nobody"):
        with pytest.raises(InputError):
            queue.assign(staff["sara"], number, 1, other)
    with pytest.raises(Refused):
        queue.assign(staff["olga"], number, 1, "ana")


def test_a_case_file_is_added_to_and_closed(store, clock, staff):  # noqa: F811
    cases = CaseFiles(store, clock)
    number = cases.open(staff["ana"], reference="A-1", title="Names", purpose="joint-designation")
    with pytest.raises(Conflict):
        cases.open(staff["eva"], reference="A-1", title="Names", purpose="joint-designation")
    cases.add(staff["eva"], number, "note", text="seen")
    cases.add(staff["eva"], number, "request", reference="r1")
    cases.add(staff["ana"], number, "request", reference="r1")
    with pytest.raises(InputError):
        cases.add(staff["ana"], number, "note", text=" ")
    assert [each.kind for each in cases.events(staff["sara"], number)] == ["request", "note"]
    with pytest.raises(NotFound):
        cases.get(staff["nora"], number)
    with pytest.raises(Refused):
        cases.close(staff["ana"], number)
    cases.close(staff["sara"], number)
    with pytest.raises(Conflict):
        cases.add(staff["ana"], number, "note", text="late")


@pytest.fixture
def jobs(store, people, clock, staff):  # noqa: F811
    made = Jobs(store, people, clock)
    yield made
    made.close()


def test_a_job_goes_on_and_says_what_came_of_it(jobs, staff):
    def count(task):
        task.tell(0.5)
        return f"/there/{task.params['to']}/{task.held}"

    jobs.handle("count", count, again=False)
    number = jobs.start("count", staff["ana"], Message("Count"), {"to": 3}, held="x")
    jobs.close()
    held = jobs.get(staff["ana"], number)
    assert (held["state"], held["share"], held["address"]) == ("done", 1.0, "/there/3/x")
    with pytest.raises(NotFound):
        jobs.get(staff["eva"], number)


def test_a_job_that_fails_says_why_in_both_languages(jobs, staff):
    def fail(_task):
        raise Refused(Message("not under this clause"))

    jobs.handle("fail", fail, again=False)
    jobs.handle("break", lambda _task: 1 / 0, again=False)
    numbers = [jobs.start(kind, staff["ana"], Message("x")) for kind in ("fail", "break")]
    jobs.close()
    told = [jobs.get(staff["ana"], each) for each in numbers]
    assert [each["state"] for each in told] == ["failed", "failed"]
    assert told[0]["trouble"]["es"] == "convenio: not under this clause"
    assert "ZeroDivision" not in str(told[1]["trouble"])


def test_after_a_restart_jobs_begin_anew_or_say_that_they_cannot(store, people, clock, staff, jobs):  # noqa: F811
    started, go = threading.Barrier(3), threading.Event()

    def wait(_task):
        started.wait(120)
        go.wait(120)
        return "/old"

    for kind in ("again", "once"):
        jobs.handle(kind, wait, again=kind == "again")
    first = jobs.start("again", staff["ana"], Message("x"), {"n": 1})
    second = jobs.start("once", staff["ana"], Message("x"), held="in memory alone")
    started.wait(120)
    later = Jobs(store, people, clock)
    later.handle("again", lambda task: f"/anew/{task.params['n']}", again=True)
    later.handle("once", lambda _task: "/never", again=False)
    assert later.resume() == 1
    later.close()
    assert later.get(staff["ana"], first)["address"] == "/anew/1"
    assert later.get(staff["ana"], second)["state"] == "failed"
    assert "stopped" in later.get(staff["ana"], second)["trouble"]["en"]
    go.set()


def test_a_form_acts_once_unless_it_failed(store, clock, staff):  # noqa: F811
    forms, acted = SentForms(store, clock), []

    def act():
        acted.append(1)
        if len(acted) == 1:
            raise Refused(Message("not yet"))
        return "/there"

    with pytest.raises(Refused):
        forms.act(staff["ana"], "one", act)
    assert forms.act(staff["ana"], "one", act) == "/there"
    assert forms.act(staff["ana"], "one", act) == "/there"
    assert len(acted) == 2
    forms.act(staff["eva"], "one", act)
    assert len(acted) == 3


def test_two_who_send_one_form_at_the_same_time_act_once(store, clock, staff):  # noqa: F811
    forms, acted, both, led = SentForms(store, clock), [], threading.Barrier(4), []

    def send():
        both.wait(120)
        led.append(forms.act(staff["ana"], "same", lambda: acted.append(1) or "/there", patience=120))

    threads = [threading.Thread(target=send) for _each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    assert acted == [1]
    assert led == ["/there"] * 4


def test_a_second_sending_waits_for_the_first_and_says_so_where_it_never_ends(store, clock, staff):  # noqa: F811
    forms, inside, go, led = SentForms(store, clock), threading.Event(), threading.Event(), []

    def slow():
        inside.set()
        go.wait(120)
        return "/slow"

    first = threading.Thread(target=lambda: led.append(forms.act(staff["ana"], "slow", slow)))
    first.start()
    assert inside.wait(120)
    with pytest.raises(Conflict, match="not known yet"):
        forms.act(staff["ana"], "slow", slow, patience=0)
    go.set()
    first.join(120)
    assert led == ["/slow"]
    assert forms.act(staff["ana"], "slow", slow, patience=0) == "/slow"


def test_views_are_ones_own(store, clock, staff):  # noqa: F811
    views = Views(store, clock)
    views.save(staff["ana"], title="Late", path="/requests", query="sort=at")
    held = views.all(staff["ana"])
    assert held[0]["address"] == "/requests?sort=at"
    views.drop(staff["eva"], held[0]["id"])
    assert views.all(staff["ana"]) == held
    assert views.all(staff["eva"]) == []
    with pytest.raises(InputError):
        views.save(staff["ana"], title=" ", path="/", query="")
