"""The walks of each role through the real pages of two nodes, in the language of each."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from cryptography.hazmat.primitives import serialization

from convenio.console.app import application
from convenio.console.pages.blocks import sample_finding
from convenio.demo.cast import MX, PASSWORD, US
from convenio.ledger.note import NoteVerifier
from convenio.ledger.proof import Proof
from convenio.node.setup import write_roster_request
from convenio.policy.roster import read_roster, sign_roster
from convenio.work.queue import Queue
from tests.browser.conftest import pictures, served, sign_in
from tests.browser.test_blocks import faults
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser


@pytest.fixture
def nodes(pair):  # noqa: F811
    """Both nodes' pages, served."""
    with ExitStack() as stack:
        pair.us_address = stack.enter_context(served(application(pair.us, installed={})))
        pair.mx_address = stack.enter_context(served(application(pair.mx, installed={})))
        yield pair


def passkey(page) -> None:
    """Give the browser a passkey of its own."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def seen(page, name: str) -> None:
    """The page is as it should be for everyone; its picture goes into the docs when they are made."""
    assert faults(page) == [], name
    folder = pictures()
    if folder is not None:
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=folder / f"{name}.png")


def renew_roster(nodes) -> None:
    """Mexico's authority signs who may approve now, and both nodes take it."""
    wanted = read_roster(
        write_roster_request(nodes.mx.settings, previous=nodes.mx.peers.roster("mx"), clock=nodes.clock)
    )
    signed = sign_roster(wanted, nodes.authorities["mx"].private)
    nodes.mx.peers.adopt_own(signed, nodes.authorities["mx"].public)
    nodes.us.peers.renew("mx", signed)


def test_from_the_blind_question_to_the_copy_that_is_read(nodes, open_page, tmp_path):
    analyst, officer, other = US.player("analyst"), *[each for each in MX.players if each.officer][:2]

    ruth = open_page()
    sign_in(ruth, nodes.us_address, analyst.name, PASSWORD)
    assert faults(ruth) == []
    ruth.click(".side >> text=Blind matches")
    ruth.select_option("#f-clause", index=1)
    ruth.fill("#f-case", "OFAC-2021-1006")
    lines = [f"{row['name']}, {row['curp']}" for row in nodes.nominees.select(["name", "curp"]).to_pylist()]
    ruth.fill("#f-subjects", "\n".join(lines))
    ruth.click("text=Ask blindly")
    ruth.wait_for_selector("h1 >> text=people are known there")
    ruth.check("text=birth date")
    ruth.check("label:has-text('institution')")
    ruth.fill("#reason", "Joint designation on Wednesday")
    seen(ruth, "match")
    ruth.click("text=Send the request")
    ruth.wait_for_selector("text=The request is on its way.")
    nodes.settle()

    elena = open_page()
    passkey(elena)
    sign_in(elena, nodes.mx_address, officer.name, PASSWORD, language="es")
    elena.click(".who-name")
    elena.fill("#label-w", "llavero")
    elena.click("text=Inscribir una llave de seguridad >> visible=true")
    elena.wait_for_selector(".done, .problem, .wrong-text:not(:empty)")
    assert elena.locator(".done").count() == 1, elena.inner_text("main")
    renew_roster(nodes)
    elena.goto(nodes.mx_address)
    seen(elena, "inicio-oficial")
    elena.click(".tile.wait a")
    elena.click("tbody tr:first-child th a")
    elena.wait_for_selector("text=Joint designation on Wednesday")
    seen(elena, "solicitud")
    elena.click("form[data-sign=webauthn] button")
    elena.wait_for_selector(".done, .problem, [data-said]:not(:empty)")
    assert "Su aprobación quedó firmada y asentada." in elena.inner_text("main"), (
        elena.locator(".problem, [data-said]").all_inner_texts(),
        nodes.mx.credentials.of(officer.name),
    )
    assert elena.locator("form[data-sign]").count() == 0

    tomas = open_page()
    sign_in(tomas, nodes.mx_address, other.name, PASSWORD, language="es")
    tomas.goto(f"{nodes.mx_address}/requests?f.state=waiting")
    tomas.click("tbody tr:first-child th a")
    key = tmp_path / "tomas.pem"
    key.write_bytes(
        nodes.keys[other.name].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    tomas.click("form[data-sign=ed25519] button")
    tomas.wait_for_selector("text=Primero elija su archivo de llave.")
    tomas.set_input_files("#key-file", key)
    tomas.click("form[data-sign=ed25519] button")
    tomas.wait_for_selector("text=la entrega va en camino")
    nodes.settle()

    ruth.click(".side >> text=Received copies")
    ruth.click("tbody tr:first-child th a")
    ruth.click("text=Go on")
    ruth.wait_for_selector(".viewer-mark")
    assert analyst.name in ruth.inner_text(".viewer-mark")
    assert ruth.locator("section.table-block tbody tr").count() == 2
    seen(ruth, "copy")
    ruth.check("text=Put it into a court bundle")
    ruth.click("text=Go on")
    ruth.wait_for_selector(".problem")
    assert "receipt" in ruth.inner_text(".problem")
    assert ruth.locator(".viewer-mark").count() == 0
    nodes.us.logs.step()
    ruth.goto(nodes.us_address)
    seen(ruth, "home-analyst")


def test_a_key_is_enrolled_though_the_page_s_script_is_slow(nodes, open_page):
    officer = next(each for each in MX.players if each.officer)
    page = open_page()
    passkey(page)
    sign_in(page, nodes.mx_address, officer.name, PASSWORD)

    held = []

    def hold(route):
        held.append(route)

    page.route("**/keys.js*", hold)
    page.click(".who-name", no_wait_after=True)
    page.fill("#label-w", "key ring")
    assert page.is_disabled("[data-enrol=webauthn] button")
    for each in held:
        each.continue_()
    page.click("[data-enrol=webauthn] button")
    page.wait_for_selector(".done, .problem, .wrong-text:not(:empty)")
    assert page.locator(".done").count() == 1, page.inner_text("main")


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_auditor_takes_a_proof_away_and_checks_it_offline(nodes, open_page, language, tmp_path):
    nodes.released()
    nodes.mx.logs.step()
    page = open_page(accept_downloads=True)
    sign_in(page, nodes.mx_address, MX.player("auditor").name, PASSWORD, language=language)
    page.goto(f"{nodes.mx_address}/ledgers")
    page.click("tbody th a[href$=border-us]")
    seen(page, f"ledger-{language}")
    page.click("tbody tr:first-child td a")
    with page.expect_download() as held:
        page.click("a.button[href$=proof]")
    held.value.save_as(tmp_path / "proof")
    proof = Proof.parse((tmp_path / "proof").read_text())
    log = nodes.mx.logs.get("border-us")
    vkey = (log.folder / "log.vkey").read_text().strip()
    assert proof.check(vkey).size == log.size
    assert NoteVerifier.parse(vkey).name == log.origin


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_supervisor_puts_a_finding_into_a_case_file(nodes, open_page, language):
    Queue(nodes.us.store, nodes.clock).add([sample_finding()], agency="ofac", by="ruth.analyst")
    page = open_page()
    sign_in(page, nodes.us_address, US.player("supervisor").name, PASSWORD, language=language)
    page.goto(f"{nodes.us_address}/cases")
    page.fill("#f-reference", f"OFAC-{language}")
    page.fill("#f-title", "Names")
    page.fill("#f-purpose", "joint-designation")
    page.press("#f-purpose", "Enter")
    page.wait_for_selector("#text")
    case = page.url
    page.goto(f"{nodes.us_address}/findings")
    page.click("tbody tr:first-child th a")
    seen(page, f"finding-{language}")
    page.click("form[action$=link] button")
    page.wait_for_selector(".done")
    page.fill("#text", "both birth certificates were compared")
    page.click("form[action$=verify] .main-button")
    page.wait_for_selector(".badge.good")
    page.goto(case)
    assert re.search("Two names are one person|Dos nombres son una sola persona", page.inner_text("main"))
    seen(page, f"case-{language}")
    page.click("a[href^='/links/case/']")
    page.wait_for_selector("#links svg, #links canvas")
    page.wait_for_timeout(500)
    seen(page, f"links-{language}")


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_administrator_opens_an_account_by_keyboard_alone(nodes, open_page, language):
    page = open_page()
    sign_in(page, nodes.us_address, US.player("administrator").name, PASSWORD, language=language)
    page.goto(f"{nodes.us_address}/administration")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#f-name")
    page.keyboard.type(f"new.person.{language}")
    page.keyboard.press("Tab")
    page.keyboard.type("New Person")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("a first password")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector(".done")
    seen(page, f"administration-{language}")
    assert nodes.us.people.person(f"new.person.{language}").has("analyst")


@pytest.mark.parametrize(("role", "language"), [("secretariat", "en"), ("ombudsperson", "es")])
def test_who_checks_or_answers_for_it_sees_numbers_and_no_more(nodes, open_page, role, language):
    nodes.released()
    page = open_page()
    sign_in(page, nodes.us_address, US.player(role).name, PASSWORD, language=language)
    seen(page, f"home-{role}")
    page.goto(f"{nodes.us_address}/border")
    text = page.inner_text("main")
    assert ("OFAC-2021-1006" in text) == (role == "ombudsperson")
