"""The walks of each role through the real pages of two nodes, in the language of each."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from cryptography.hazmat.primitives import serialization

from convenio.console.app import application
from convenio.console.samples import sample_finding
from convenio.core.words import Message
from convenio.demo.cast import MX, PASSWORD, US
from convenio.ledger.note import NoteVerifier
from convenio.ledger.proof import Proof
from convenio.node.setup import write_roster_request
from convenio.policy.roster import read_roster, sign_roster
from convenio.work.queue import Queue
from tests.browser.conftest import follow, led_on, pictures, served, sign_in
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


def seen(page, name: str, *, shown: bool = True) -> None:
    """The page is as it should be for everyone; its picture goes into the docs when they are made."""
    assert faults(page) == [], name
    folder = pictures()
    if folder is not None and shown:
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


def told(text: str, language: str) -> str:
    """A text of the pages as it stands in a language."""
    return Message(text).in_language(language)


@pytest.mark.parametrize(("there", "here"), [("en", "es"), ("es", "en")])
def test_from_the_blind_question_to_the_copy_that_is_read(nodes, open_page, tmp_path, there, here):
    """The analyst's walk and the officers', each in one language and then in the other."""
    analyst, officer, other = US.player("analyst"), *[each for each in MX.players if each.officer][:2]

    ruth = open_page()
    sign_in(ruth, nodes.us_address, analyst.name, PASSWORD, language=there)
    assert faults(ruth) == []
    follow(ruth, ".side a[href='/matches']")
    ruth.select_option("#f-clause", index=1)
    ruth.fill("#f-case", "OFAC-2021-1006")
    lines = [f"{row['name']}, {row['curp']}" for row in nodes.nominees.select(["name", "curp"]).to_pylist()]
    ruth.fill("#f-subjects", "\n".join(lines))
    follow(ruth, "form[action='/matches'] .main-button")
    ruth.wait_for_selector("form[action$='/request']")
    known = r"\d+ of \d+ people are known there" if there == "en" else r"\d+ de \d+ personas son conocidas"
    assert re.match(known, ruth.inner_text("h1"))
    for field in ("birth_date", "institution"):
        ruth.check(f"#f-{field}")
    ruth.fill("#reason", "Joint designation on Wednesday")
    seen(ruth, "match", shown=there == "en")
    follow(ruth, "form[action$='/request'] .main-button")
    ruth.wait_for_selector(f"text={told('The request is on its way.', there)}")
    nodes.settle()

    elena = open_page()
    passkey(elena)
    sign_in(elena, nodes.mx_address, officer.name, PASSWORD, language=here)
    follow(elena, ".who-name")
    elena.fill("#label-w", "llavero")
    with led_on(elena):
        elena.click("[data-enrol=webauthn] button")
    assert elena.locator(".done").count() == 1, elena.inner_text("main")
    renew_roster(nodes)
    elena.goto(nodes.mx_address)
    seen(elena, "inicio-oficial", shown=here == "es")
    follow(elena, ".tile.wait a")
    follow(elena, "tbody tr:first-child th a")
    elena.wait_for_selector("text=Joint designation on Wednesday")
    seen(elena, "solicitud", shown=here == "es")
    with led_on(elena):
        elena.click("form[data-sign=webauthn] button")
    assert told("Your approval is signed and written down.", here) in elena.inner_text("main"), (
        elena.locator(".problem, [data-said]").all_inner_texts(),
        nodes.mx.credentials.of(officer.name),
    )
    assert elena.locator("form[data-sign]").count() == 0

    tomas = open_page()
    sign_in(tomas, nodes.mx_address, other.name, PASSWORD, language=here)
    tomas.goto(f"{nodes.mx_address}/requests?f.state=waiting")
    follow(tomas, "tbody tr:first-child th a")
    key = tmp_path / "tomas.pem"
    key.write_bytes(
        nodes.keys[other.name].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    tomas.click("form[data-sign=ed25519] button")
    tomas.wait_for_selector(f"text={told('Choose your key file first.', here)}")
    tomas.set_input_files("#key-file", key)
    with led_on(tomas):
        tomas.click("form[data-sign=ed25519] button")
    assert tomas.locator(".done").count() == 1, tomas.inner_text("main")
    nodes.settle()

    follow(ruth, ".side a[href='/copies']")
    follow(ruth, "tbody tr:first-child th a")
    follow(ruth, "form[action$='/use'] .main-button")
    assert analyst.name in ruth.inner_text(".viewer-mark")
    assert ruth.locator("section.table-block tbody tr").count() == 2
    seen(ruth, "copy", shown=there == "en")
    ruth.check("#u-export")
    with ruth.expect_download() as taken:
        ruth.click("form[action$='/use'] .main-button")
    assert taken.value.path().read_text("utf-8-sig").count(analyst.name) == 2
    ruth.wait_for_selector("form[action$='/use']:not([data-sent])")
    ruth.check("#u-court")
    follow(ruth, "form[action$='/use'] .main-button")
    assert told("receipt", there) in ruth.inner_text(".problem")
    assert ruth.locator(".viewer-mark").count() == 0
    nodes.us.logs.step()
    ruth.goto(nodes.us_address)
    seen(ruth, "home-analyst", shown=there == "en")


def test_a_key_is_enrolled_though_the_page_s_script_is_slow(nodes, open_page):
    officer = next(each for each in MX.players if each.officer)
    page = open_page()
    passkey(page)
    sign_in(page, nodes.mx_address, officer.name, PASSWORD)

    held, slow = [], [True]

    def hold(route):
        if slow:
            held.append(route)
        else:
            route.continue_()

    page.route("**/keys.js*", hold)
    page.click(".who-name", no_wait_after=True)
    page.fill("#label-w", "key ring")
    assert page.is_disabled("[data-enrol=webauthn] button")
    slow.clear()
    for each in held:
        each.continue_()
    with led_on(page):
        page.click("[data-enrol=webauthn] button")
    assert page.locator(".done").count() == 1, page.inner_text("main")


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_auditor_takes_a_proof_away_and_checks_it_offline(nodes, open_page, language, tmp_path):
    nodes.released()
    nodes.mx.logs.step()
    page = open_page(accept_downloads=True)
    sign_in(page, nodes.mx_address, MX.player("auditor").name, PASSWORD, language=language)
    page.goto(f"{nodes.mx_address}/ledgers")
    follow(page, "tbody th a[href$=border-us]")
    seen(page, f"ledger-{language}")
    follow(page, "tbody tr:first-child td a")
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
    with led_on(page):
        page.press("#f-purpose", "Enter")
    page.wait_for_selector("#text")
    case = page.url
    page.goto(f"{nodes.us_address}/findings")
    follow(page, "tbody tr:first-child th a")
    seen(page, f"finding-{language}")
    follow(page, "form[action$=link] button")
    page.wait_for_selector(".done")
    page.fill("#text", "both birth certificates were compared")
    follow(page, "form[action$=verify] .main-button")
    page.wait_for_selector(".badge.good")
    page.goto(case)
    assert re.search("Two names are one person|Dos nombres son una sola persona", page.inner_text("main"))
    seen(page, f"case-{language}")
    follow(page, "a[href^='/links/case/']")
    page.wait_for_selector("#links svg, #links [data-drawn] canvas")
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
    with led_on(page):
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
