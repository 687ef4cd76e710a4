"""A supervisor lets another agency read what is held, until a day, and takes that back, on the page of records."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.core.errors import NotFound
from convenio.custody.holdings import Purpose
from convenio.demo.cast import PASSWORD, US
from tests.console.conftest import OWN
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures

WHY = Purpose("search", "C-1")


def test_it_is_shared_until_a_day_and_taken_back_by_the_supervisor_alone(pair):  # noqa: F811
    node, chief = pair.us, pair.person(US, "supervisor")
    other = next(each for each in US.players if "analyst" in each.roles and each.agency != chief.agency)
    reader = node.people.person(other.name)
    node.people.add("ivy", PASSWORD, full_name="Ivy", agency=chief.agency, roles=["analyst"])
    table = pa.table({"name": ["María"]})
    made = node.holdings.collect(
        table, actor=node.people.person("ivy"), record_type="person", category="missing", title="Shared"
    )

    def read():
        return node.holdings.rows(made.id, actor=reader, purpose=WHY).num_rows

    with TestClient(application(node, installed={}), base_url="http://localhost", follow_redirects=False) as desk:

        def send(act, **typed):
            page = desk.get("/records").text
            once = re.search(
                rf'action="/records/{made.id}/(?:share|erase)">.*?name="once" value="([^"]+)"', page, re.DOTALL
            )
            return desk.post(f"/records/{made.id}/{act}", data={"once": once[1], **typed}, headers=OWN)

        given = {"agency": other.agency, "reason": "a joint case", "until": "2999-01-01"}
        desk.post("/sign-in", data={"name": "ivy", "password": PASSWORD}, headers=OWN)
        assert f"/records/{made.id}/share" not in desk.get("/records").text
        assert send("share", **given).status_code == 404
        desk.post("/sign-in", data={"name": chief.name, "password": PASSWORD}, headers=OWN)
        for wrong in ({"reason": " "}, {"until": "tomorrow"}, {"until": "2001-01-01"}, {"agency": "nowhere"}):
            assert send("share", **{**given, **wrong}).status_code == 400
        with pytest.raises(NotFound):
            read()
        assert send("share", **given).headers["location"] == "/records?done=shared"
        assert read() == 1
        assert f'action="/records/{made.id}/unshare"' in desk.get("/records").text
        assert send("unshare", agency=other.agency, reason="").status_code == 400
        assert read() == 1
        assert send("unshare", agency=other.agency, reason="it is over").headers["location"] == "/records?done=unshared"
        with pytest.raises(NotFound):
            read()
        assert f'action="/records/{made.id}/unshare"' not in desk.get("/records").text
