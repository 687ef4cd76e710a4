"""An account is closed for good: the page asks first, and does so without a script."""

from __future__ import annotations

import pytest

from convenio.core.errors import ConvenioError
from tests.console.conftest import OWN

ADDRESS = "/administration/accounts/omar/close"


def test_the_page_asks_and_the_node_does_not_close_without_an_answer(signed_in, node):
    desk = signed_in("ada")
    page = desk.get("/administration").text
    assert f'action="{ADDRESS}"' in page
    assert page.count('name="sure" value="yes" required') == page.count('/close"') > 0
    for unsure in ({}, {"sure": ""}, {"sure": "no"}):
        answer = desk.post(ADDRESS, data=unsure, headers=OWN)
        assert answer.status_code == 400
        assert "closed for good, so this asks first" in answer.text
        assert answer.text.count("<details open>") == 1
        assert node.people.person("omar").full_name == "Omar Díaz"


def test_it_closes_when_the_answer_is_yes(signed_in, node):
    answer = signed_in("ada").post(ADDRESS, data={"sure": "yes"}, headers=OWN)
    assert answer.headers["location"] == "/administration?done=closed"
    with pytest.raises(ConvenioError):
        node.people.person("omar")
