"""What people and programs send that they should not."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.console.samples import sample_finding
from convenio.core.canonical import digest
from convenio.demo.cast import FIELDS, MX, PASSWORD, US
from convenio.people.credentials import sign_decision
from convenio.work.queue import Queue
from tests.console.conftest import OWN
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures


@pytest.fixture
def desks(pair):  # noqa: F811
    """Sign in at one of the two nodes."""
    opened = []

    def at(node, name: str) -> TestClient:
        made = TestClient(application(node, installed={}), base_url="http://localhost", follow_redirects=False)
        opened.append(made)
        assert made.post("/sign-in", data={"name": name, "password": PASSWORD}, headers=OWN).status_code == 303
        return made

    yield at
    for each in opened:
        each.close()


def approval(pair, request: str, officer) -> dict[str, str]:  # noqa: F811
    told = digest(pair.mx.deciding.decision(request))
    return sign_decision(pair.keys[officer.name], told)


def asked(pair) -> str:  # noqa: F811
    match = pair.match()
    number = pair.us.requests.open(
        match.run, [match.hits[0].place], FIELDS, pair.person(US, "analyst"), reason="<script>alert(1)</script>"
    )
    pair.settle()
    return number


def test_two_officers_at_once_the_later_is_told_and_nothing_changes(pair, desks):  # noqa: F811
    number, (one, other) = asked(pair), [each for each in MX.players if each.officer]
    first, second = desks(pair.mx, one.name), desks(pair.mx, other.name)
    late = approval(pair, number, other)
    refused = first.post(f"/requests/{number}/refuse", data={"reason": "not now"}, headers=OWN)
    assert refused.status_code == 303
    answer = second.post(f"/requests/{number}/approve", data=late, headers=OWN)
    assert answer.status_code == 409
    assert "decided meanwhile" in answer.text
    assert pair.mx.requests.get(number).state == "refused"
    assert pair.mx.requests.approvals(number) == []


def test_one_officer_cannot_be_two(pair, desks):  # noqa: F811
    number, one = asked(pair), next(each for each in MX.players if each.officer)
    desk, signed = desks(pair.mx, one.name), approval(pair, number, one)
    assert desk.post(f"/requests/{number}/approve", data=signed, headers=OWN).status_code == 303
    again = desk.post(f"/requests/{number}/approve", data=signed, headers=OWN)
    assert again.status_code == 409
    assert "has approved this already" in again.text
    assert len(pair.mx.requests.approvals(number)) == 1


def test_a_signature_of_another_decision_approves_nothing(pair, desks):  # noqa: F811
    number, one = asked(pair), next(each for each in MX.players if each.officer)
    wrong = sign_decision(pair.keys[one.name], "0" * 64)
    answer = desks(pair.mx, one.name).post(f"/requests/{number}/approve", data=wrong, headers=OWN)
    assert answer.status_code == 403
    assert "the signature does not fit this decision" in answer.text
    assert pair.mx.requests.approvals(number) == []


def test_a_refusal_without_a_reason_is_not_sent(pair, desks):  # noqa: F811
    number, one = asked(pair), next(each for each in MX.players if each.officer)
    answer = desks(pair.mx, one.name).post(f"/requests/{number}/refuse", data={"reason": "  "}, headers=OWN)
    assert answer.status_code == 400
    assert pair.mx.requests.get(number).state == "waiting"


def test_html_in_a_reason_is_shown_as_text(pair, desks):  # noqa: F811
    number = asked(pair)
    page = desks(pair.mx, next(each for each in MX.players if each.officer).name).get(f"/requests/{number}").text
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_what_one_may_not_see_looks_like_what_is_not_there(pair, desks):  # noqa: F811
    number = asked(pair)
    for name in (MX.player("analyst").name, MX.player("administrator").name, MX.player("secretariat").name):
        desk = desks(pair.mx, name)
        there, nowhere = desk.get(f"/requests/{number}"), desk.get(f"/requests/{'0' * 32}")
        assert there.status_code == nowhere.status_code == 404
        assert there.text.replace(number, "0" * 32).replace(number[:16], "0" * 16) == nowhere.text
        assert number not in desk.get(f"/search?q={number[:8]}").text.replace(f"q={number[:8]}", "")


def test_a_filter_with_a_million_values_is_refused_with_advice(pair, desks):  # noqa: F811
    desk = desks(pair.us, US.player("analyst").name)
    answer = desk.get("/requests?" + "&".join(["f.case=x"] * 1_001))
    assert answer.status_code == 400
    assert "a filter takes at most" in answer.text


def test_two_gigabytes_are_refused_before_they_are_read(pair, desks):  # noqa: F811
    desk = desks(pair.us, US.player("analyst").name)
    answer = desk.post("/cases", content=b"", headers={**OWN, "content-length": str(2 << 30)})
    assert answer.status_code == 413
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_release_is_taken_back_with_a_reason_by_an_officer_alone(pair, desks):  # noqa: F811
    request, copy = pair.released()
    officer = desks(pair.mx, next(each for each in MX.players if each.officer).name)
    sent = {"release": copy, "reason": ""}
    assert officer.post(f"/requests/{request}/recall", data=sent, headers=OWN).status_code == 400
    auditor = desks(pair.mx, MX.player("auditor").name)
    sent["reason"] = "the wrong person"
    assert auditor.post(f"/requests/{request}/recall", data=sent, headers=OWN).status_code == 403
    assert officer.post(f"/requests/{request}/recall", data=sent, headers=OWN).status_code == 303
    pair.settle()
    analyst = desks(pair.us, US.player("analyst").name)
    use = {"use": "open", "purpose": "joint-designation", "case": "OFAC-2021-1006", "to": ""}
    assert analyst.post(f"/copies/{copy}/use", data=use, headers=OWN).status_code == 403


def test_assets_lead_to_no_other_folder(pair, desks):  # noqa: F811
    desk = desks(pair.us, US.player("analyst").name)
    for path in ("/assets/..%2fpages.py", "/assets/%2e%2e/pages.py", "/assets/.hidden", "/assets/..%5cpages.py"):
        assert desk.get(path).status_code == 404


def test_who_changed_a_finding_first_wins_and_the_other_is_told(pair, desks):  # noqa: F811
    queue = Queue(pair.us.store, pair.clock)
    queue.add([sample_finding()], agency="ofac", by="ruth.analyst")
    number = queue.all(pair.person(US, "analyst"))[0]["id"]
    one, other = desks(pair.us, US.player("analyst").name), desks(pair.us, US.player("supervisor").name)
    sent = {"version": "1", "text": "compared"}
    assert one.post(f"/findings/{number}/verify", data=sent, headers=OWN).status_code == 303
    late = other.post(f"/findings/{number}/dismiss", data={"version": "1", "text": "my own reason"}, headers=OWN)
    assert late.status_code == 409
    assert queue.all(pair.person(US, "analyst"))[0]["state"] == "verified"


def test_what_was_typed_when_the_session_ended_is_sent_after_signing_in(pair, desks):  # noqa: F811
    name = US.player("analyst").name
    desk = desks(pair.us, name)
    pair.clock.forward(hours=11)
    typed = {"reference": "OFAC-1", "title": "<b>Names</b>", "purpose": "joint-designation", "once": "one"}
    answer = desk.post("/cases", data=typed, headers=OWN)
    assert answer.status_code == 401
    assert 'name="kept.title" value="&lt;b&gt;Names&lt;/b&gt;"' in answer.text
    kept = {f"kept.{key}": value for key, value in typed.items()}
    page = desk.post("/sign-in", data={"name": name, "password": PASSWORD, "back": "/cases", **kept}, headers=OWN)
    assert page.status_code == 200
    assert "Nothing has been sent yet" in page.text
    sent = desk.post("/cases", data=typed, headers=OWN)
    assert sent.status_code == 303
    assert desk.post("/cases", data=typed, headers=OWN).headers["location"] == sent.headers["location"]


def test_a_copy_is_read_for_its_purpose_and_refused_for_court_with_a_receipt(pair, desks):  # noqa: F811
    _request, copy = pair.released()
    desk = desks(pair.us, US.player("analyst").name)
    use = {"use": "open", "purpose": "joint-designation", "case": "OFAC-2021-1006", "to": ""}
    read = desk.post(f"/copies/{copy}/use", data=use, headers=OWN)
    assert read.status_code == 200
    assert f"Shown to {US.player('analyst').name}" in read.text
    exported = desk.post(f"/copies/{copy}/use", data={**use, "use": "export"}, headers=OWN)
    receipt = next(each.id for each in pair.us.receipts.all() if each.act == "export")
    assert exported.headers["content-disposition"].startswith("attachment")
    assert exported.text.rstrip().endswith(receipt)
    for other in ({"use": "court"}, {"purpose": "curiosity"}, {"use": "forward", "to": "ca"}):
        refused = desk.post(f"/copies/{copy}/use", data={**use, **other}, headers=OWN)
        assert refused.status_code == 403
        assert "Shown to" not in refused.text
        assert "receipt" in refused.text
    pair.clock.forward(days=91)
    desk.post("/sign-in", data={"name": US.player("analyst").name, "password": PASSWORD}, headers=OWN)
    over = desk.post(f"/copies/{copy}/use", data=use, headers=OWN)
    assert over.status_code == 403
    assert "Shown to" not in over.text
