"""The pages of conditions that travel: consent, correction, and the two laws' paperwork, walked as people walk them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.core.canonical import b64, unb64
from convenio.demo.cast import CASE, MX, PASSWORD, PURPOSE, US
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures
from tests.exchange.travel import kinds, loosened

OWN = {"sec-fetch-site": "same-origin"}


class Walker:
    """A person at a node's pages."""

    def __init__(self, node, name):
        self.pages = TestClient(application(node, installed={}), base_url="http://localhost", follow_redirects=True)
        self.send("/sign-in", name=name, password=PASSWORD)

    def see(self, path):
        answer = self.pages.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def send(self, path, **typed):
        return self.pages.post(path, data=typed, headers=OWN)

    def sign(self, path, key):
        """Sign what the page shows, as its script does with a key file."""
        told = re.search(r'data-sign="ed25519" data-bytes="([^"]+)"', self.see(path))
        assert told is not None
        signature = b64(key.sign(unb64(told[1].replace("&#43;", "+"))))
        return self.send(f"{path}/approve", kind="ed25519", signature=signature)


@pytest.fixture
def walk(pair):  # noqa: F811
    walkers = {}

    def walker(side, role, which=0):
        name = [each for each in side.players if role in each.roles][which].name
        if name not in walkers:
            walkers[name] = Walker(pair.us if side is US else pair.mx, name)
        return walkers[name]

    return walker


def test_consent_is_asked_signed_used_and_withdrawn_on_pages(pair, walk):  # noqa: F811
    loosened(pair, onward="consent")
    _request, copy = pair.released()
    analyst, officer = walk(US, "analyst"), walk(MX, "releasing_officer")
    day = f"{pair.clock() + dt.timedelta(days=20):%Y-%m-%d}"
    ask = {"act": "forward", "to": "cdc", "case": CASE, "reason": "they have the laboratory", "until": day}
    refused = analyst.send(f"/copies/{copy}/consents", **{**ask, "until": "soon"})
    assert refused.status_code == 400
    assert "they have the laboratory" in refused.text
    analyst.send(f"/copies/{copy}/consents", **ask)
    pair.settle()
    number = pair.mx.consenting.all()[0].id
    assert number in officer.see("/consents")
    assert "consent waits for a decision" in officer.see("/")
    assert number in officer.see("/consents?f.state=waiting")
    for other in ("analyst", "administrator"):
        assert walk(MX, other).pages.get(f"/consents/{number}").status_code == 404
    answer = officer.sign(f"/consents/{number}", pair.keys[MX.player("releasing_officer").name])
    assert answer.status_code == 200
    assert "waits for a decision" not in officer.see("/").replace("requests wait", "")
    pair.settle()
    use = {"use": "forward", "purpose": PURPOSE, "case": CASE, "to": "cdc"}
    assert analyst.send(f"/copies/{copy}/use", **{**use, "to": "nij"}).status_code == 403
    assert analyst.send(f"/copies/{copy}/use", **use).status_code == 200
    assert "forwarded" in kinds(pair.us, "border-mx")
    officer.send(f"/consents/{number}/withdraw", reason="done")
    pair.settle()
    assert analyst.send(f"/copies/{copy}/use", **use).status_code == 403


def test_a_correction_is_proposed_signed_twice_and_seen_in_place_on_pages(pair, walk):  # noqa: F811
    request, copy = pair.released()
    first, second = walk(MX, "releasing_officer", 0), walk(MX, "releasing_officer", 1)
    assert f"/requests/{request}/releases/{copy}/correct" in first.see(f"/requests/{request}")
    page = f"/requests/{request}/releases/{copy}/correct"
    wrong = first.send(page, row="9", field="institution", value="X", reason="because", once="a")
    assert wrong.status_code == 400
    done = first.send(page, row="1", field="institution", value="Banco Nuevo", reason="it was another", once="b")
    number = str(done.url).rpartition("/")[2]
    assert "correction waits to be signed" in second.see("/")
    assert number in second.see("/corrections?f.state=waiting")
    for walker, which in ((first, 0), (second, 1)):
        officer = pair.person(MX, "releasing_officer", which)
        assert walker.sign(f"/corrections/{number}", pair.keys[officer.name]).status_code == 200
    assert [each.state for each in pair.mx.corrections.all()] == ["sent"]
    pair.settle()
    assert [each.state for each in pair.mx.corrections.all()] == ["done"]
    assert number in first.see("/corrections")
    assert "it was another" in walk(US, "analyst").see(f"/copies/{copy}")
    use = {"use": "open", "purpose": PURPOSE, "case": CASE}
    assert "Banco Nuevo" in walk(US, "analyst").send(f"/copies/{copy}/use", **use).text


def test_each_exchange_is_reported_once_in_its_laws_own_language_and_filing_is_an_entry(pair, walk):  # noqa: F811
    pair.released()
    for node in (pair.us, pair.mx):
        node.logs.step()
    supervisor = walk(MX, "supervisor")
    page = supervisor.see("/paperwork/contact/us")
    exchanges = re.findall(r'<tr id="([0-9a-f]{32})"', page)
    assert len(exchanges) == len(set(exchanges)) == 2
    assert "cotejo ciego" in page
    told = supervisor.see("/paperwork/accounting/us")
    assert told.count("<td>") > 4
    assert "disclosure" in told
    walker = walk(US, "supervisor")
    assert "blind match" not in walker.see("/paperwork/accounting/mx")
    assert "cotejo ciego" in walker.see("/paperwork/contact/mx")
    sheet = supervisor.pages.get("/paperwork/contact/us?download=csv")
    assert "fecha y hora" in sheet.text
    assert supervisor.pages.get("/paperwork/contact/us?download=pdf").content[:4] == b"%PDF"
    assert pair.mx.status()["contacts"] == []
    pair.clock.forward(hours=49)
    assert {each["state"] for each in pair.mx.status()["contacts"]} == {"near"}
    supervisor.send("/sign-in", name=MX.player("supervisor").name, password=PASSWORD)
    assert exchanges[0][:8] in supervisor.see("/paperwork")
    assert "contacts are to be reported by law" in supervisor.see("/")
    filed = f"/paperwork/contact/us/{exchanges[0]}/filed"
    assert supervisor.send(filed, reference=" ").status_code == 400
    assert supervisor.send(filed, reference="OF-12/2026").status_code == 200
    assert supervisor.send(filed, reference="OF-12/2026").status_code == 409
    assert kinds(pair.mx, "internal").count("contact-reported") == 1
    assert [each["exchange"] for each in pair.mx.status()["contacts"]] == exchanges[1:]
    pair.clock.forward(hours=24)
    assert {each["state"] for each in pair.mx.status()["contacts"]} == {"overdue"}
    assert pair.us.status()["contacts"] == []


def test_a_correction_and_a_consent_belong_to_the_exchange_they_came_from(pair):  # noqa: F811
    loosened(pair, onward="consent")
    _request, copy = pair.released()
    until = pair.clock() + dt.timedelta(days=1)
    pair.us.onward.ask(copy, pair.person(US, "analyst"), to="cdc", case=CASE, reason="why", until=until)
    pair.settle()
    changes = [(0, "institution", "Banco Nuevo")]
    pair.mx.corrections.propose(copy, pair.person(MX, "analyst"), reason="because", changes=changes)
    pair.mx.logs.step()
    told = pair.mx.paperwork.contacts("us")
    assert [each.exchange.kind for each in told] == ["match", "request"]
    assert "consent-asked-received" in {entry.kind for _index, entry in told[1].exchange.steps}


def test_who_may_not_write_the_paperwork_does_not_see_it(pair, walk):  # noqa: F811
    for role in ("analyst", "releasing_officer", "administrator"):
        assert walk(MX, role).pages.get("/paperwork").status_code == 404
        assert walk(MX, role).pages.get("/paperwork/contact/us").status_code == 404
    assert walk(MX, "auditor").pages.get("/paperwork/contact/ca").status_code == 404
    assert walk(MX, "auditor").pages.get("/paperwork/nothing/us").status_code == 404
