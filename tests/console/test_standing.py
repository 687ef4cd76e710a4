"""Standing orders on pages: opened by an analyst, signed by two officers, ended; each sees what is theirs to see."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from convenio.demo.cast import MX, US
from tests.console.test_travelling import walk  # noqa: F401 - a fixture
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
