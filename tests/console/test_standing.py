"""Standing orders on pages: opened by an analyst, signed by two officers, ended; each sees what is theirs to see."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from convenio.core.finding import Finding
from convenio.demo.cast import MX, PURPOSE, US
from convenio.work.queue import Queue
from tests.console.test_travelling import OWN, walk  # noqa: F401 - a fixture
from tests.exchange import standing
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures

FORM = "/standing/new/us-mx-findings/screening-findings"


def typed(pair, **other):  # noqa: F811
    day = f"{pair.clock() + dt.timedelta(days=20):%Y-%m-%d}"
    told = {
        "holder": "mx/uif", "case": "OFAC-2021-1006", "subject": ["suspect"], "category": ["screening-finding"],
        "field": ["claim", "score"], "per_day": "500", "until": day, "reason": "what the screening finds",
    }  # fmt: skip
    return {**told, **other}


def test_an_order_is_opened_signed_given_under_and_ended_on_pages(pair, walk):  # noqa: F811
    standing.adopt(pair)
    analyst, first, second = walk(US, "analyst"), walk(MX, "releasing_officer"), walk(MX, "releasing_officer", 1)
    assert FORM in analyst.see("/standing")
    assert "OFAC-2021-1006" not in analyst.see(FORM)
    answer = analyst.send(FORM, **typed(pair))
    assert "The order is on its way" in answer.text
    number = pair.us.orders.all()[0].id
    pair.settle()
    page = f"/standing/{number}"
    assert page in first.see("/standing")
    first.sign(page, pair.keys[first_name(pair, 0)])
    assert "espera" in first.see(page) or "wait" in first.see(page)
    done = second.sign(page, pair.keys[first_name(pair, 1)])
    assert done.status_code == 200
    pair.settle()
    assert pair.us.orders.get(number).state == "open"
    pair.mx.batches.give(number, standing.items(0, 3), pair.person(MX, "analyst"))
    pair.settle()
    copy = re.search(r"/copies/([0-9a-f]{32})", analyst.see(page))
    assert copy is not None
    assert analyst.see(f"/requests/{number}") == analyst.see(page)
    analyst.see(f"/copies/{copy[1]}")
    second.see("/border")
    assert "the case is closed" in analyst.send(f"{page}/end", reason="the case is closed").text
    pair.settle()
    assert "the case is closed" in first.see(page)
    assert pair.mx.orders.get(number).state == "ended"


def first_name(pair, which):  # noqa: F811
    return pair.person(MX, "releasing_officer", which).name


@pytest.mark.parametrize(
    "wrong", [{"until": "soon"}, {"per_day": "many"}, {"per_day": "0"}, {"subject": []}, {"case": " "}]
)
def test_what_does_not_fit_is_told_on_the_form_and_what_was_typed_stays(pair, walk, wrong):  # noqa: F811
    standing.adopt(pair)
    answer = walk(US, "analyst").send(FORM, **typed(pair, **wrong))
    assert answer.status_code >= 400
    assert "what the screening finds" in answer.text
    assert pair.us.orders.all() == []


def test_who_may_not_is_told_so(pair, walk):  # noqa: F811
    standing.adopt(pair)
    order = pair.us.orders.open(standing.wanted(pair.clock()), pair.person(US, "analyst"))
    pair.settle()
    assert walk(MX, "administrator").pages.get(f"/standing/{order}").status_code == 404
    assert walk(US, "supervisor").pages.get(FORM).status_code == 404
    analyst = walk(MX, "analyst")
    assert "data-sign" not in analyst.see(f"/standing/{order}")
    assert analyst.send(f"/standing/{order}/refuse", reason="no").status_code == 403
    assert analyst.send(f"/standing/{order}/nothing").status_code == 400
    officer = walk(MX, "releasing_officer")
    assert "no así" in officer.send(f"/standing/{order}/refuse", reason="no así").text
    pair.settle()
    assert "no así" in walk(US, "analyst").see(f"/standing/{order}")


def handed(order, *numbers, role="suspect"):
    rows = [{"reference": f"f-{n}", "subject_role": role, "finding": standing.finding(n)} for n in numbers]
    return {"file": ("findings.jsonl", "\n".join(map(json.dumps, rows)).encode(), "application/json")}


def give_page(walker, order, files=None, **typed):
    return walker.pages.post(f"/standing/{order}/give", data=typed, files=files, headers=OWN)


def in_queue(pair, count):  # noqa: F811
    """Findings of the holder's queue, the first of them verified."""
    analyst, queue = pair.person(MX, "analyst"), Queue(pair.mx.store, pair.clock, pair.mx.derived)
    made = [Finding.model_validate(standing.finding(number)) for number in range(count)]
    queue.add(made, agency=analyst.agency, by=analyst.name)
    queue.verify(analyst, made[0].id, queue.get(analyst, made[0].id)[0]["version"], "looked at both files")
    return made


def test_an_analyst_of_the_holder_hands_verified_findings_in_on_a_page_each_once(pair, walk):  # noqa: F811
    standing.adopt(pair)
    order = standing.ordered(pair)
    analyst, findings = walk(MX, "analyst"), in_queue(pair, 2)
    page = f"/standing/{order}/give"
    assert page in analyst.see(f"/standing/{order}")
    assert [each.id in analyst.see(page) for each in findings] == [True, False]
    answer = give_page(analyst, order, role="suspect", finding=[findings[0].id])
    assert "1 given now; 0 had gone out before." in answer.text
    assert findings[0].id not in analyst.see(page)
    assert (
        "0 given now; 1 had gone out before."
        in give_page(analyst, order, role="suspect", finding=[findings[0].id]).text
    )
    refused = give_page(analyst, order, role="suspect", finding=[findings[1].id])
    assert refused.status_code == 400
    assert "only findings that a person has verified" in refused.text
    pair.settle()
    (copy,) = pair.us.copies.all()
    (row,) = pair.us.copies.open(copy.id, pair.person(US, "analyst"), purpose=PURPOSE, case="OFAC-2021-1006")
    assert row["claim"] == findings[0].model_dump(mode="json")["claim"]


def test_a_file_is_handed_in_and_what_is_wrong_in_it_is_named_by_its_line(pair, walk):  # noqa: F811
    standing.adopt(pair)
    order, analyst = standing.ordered(pair), walk(MX, "analyst")
    assert "3 given now" in give_page(analyst, order, handed(order, 1, 2, 3), role="suspect").text
    plain = {"file": ("f.json", json.dumps([standing.finding(9)]).encode(), "application/json")}
    assert "1 given now" in give_page(analyst, order, plain, role="suspect").text
    whole = json.dumps(standing.finding(5))
    for content, wanted in (
        (f"{whole}\n{{}}", "f.json:2"), (f"{whole}\n{whole[:-1]}", "f.json:2"), (f"[{whole}, 3]", "f.json[2]"),
        ("", "no finding in this file"), (b"\xff\xfe", "UTF-8"), ("[" * 100_000, "no JSON"),
    ):  # fmt: skip
        data = content if isinstance(content, bytes) else content.encode()
        answer = give_page(analyst, order, {"file": ("f.json", data, "application/json")}, role="suspect")
        assert answer.status_code == 400, wanted
        assert wanted in answer.text
    assert give_page(analyst, order, role="suspect").status_code == 400
    assert give_page(analyst, order, handed(order, 7, role="victim"), role="suspect").status_code == 400
    assert sum(each.count for each in pair.mx.taking.all(order)) == 4


def test_nobody_else_finds_the_page_and_none_is_there_when_the_order_has_ended(pair, walk):  # noqa: F811
    standing.adopt(pair)
    order = standing.ordered(pair)
    page = f"/standing/{order}/give"
    for side, role in ((US, "analyst"), (MX, "releasing_officer"), (MX, "supervisor"), (MX, "auditor")):
        someone = walk(side, role)
        assert someone.pages.get(page).status_code == 404, role
        assert give_page(someone, order, handed(order, 1), role="suspect").status_code == 404, role
    pair.mx.orders.end(order, pair.person(MX, "supervisor"), "no longer needed")
    assert walk(MX, "analyst").pages.get(page).status_code == 404
    assert pair.mx.taking.all(order) == []


def test_one_finding_is_recalled_on_the_orders_page_by_the_holders_officers(pair, walk):  # noqa: F811
    standing.adopt(pair)
    order = standing.ordered(pair)
    pair.mx.batches.give(order, standing.items(0, 3), pair.person(MX, "analyst"))
    pair.settle()
    page = f"/standing/{order}"
    assert "Recall one finding" not in walk(MX, "analyst").see(page)
    supervisor = walk(MX, "supervisor")
    assert "Recall one finding" in supervisor.see(page)
    assert supervisor.send(f"{page}/recall", reference="f-9", reason="wrong").status_code == 404
    assert "pending until the other side" in supervisor.send(f"{page}/recall", reference="f-1", reason="wrong").text
    pair.settle()
    assert "erased there" in supervisor.see(page)
    for side, role in ((MX, "analyst"), (MX, "auditor"), (US, "supervisor")):
        assert walk(side, role).send(f"{page}/recall", reference="f-2", reason="x").status_code in {403, 404}, role
    pair.settle()
    (copy,) = pair.us.copies.all()
    rows = pair.us.copies.open(copy.id, pair.person(US, "analyst"), purpose=PURPOSE, case="OFAC-2021-1006")
    assert len(rows) == 2
