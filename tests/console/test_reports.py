"""Case files and building blocks as PDF: from the same source as the page."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.core.errors import NotInstalled
from convenio.web import report
from tests.console.conftest import OWN, PASSWORD


@pytest.fixture
def desk(node):
    with TestClient(application(node, installed={}, development=True), base_url="http://localhost") as made:
        made.post("/sign-in", data={"name": "ana", "password": PASSWORD}, headers=OWN)
        yield made


@pytest.fixture
def printed(monkeypatch):
    """What is handed to the PDF maker, where none is installed, and the maker where one is."""
    kept = []
    real = report.pdf

    def pdf(html: str) -> bytes:
        kept.append(html)
        try:
            return real(html)
        except NotInstalled:
            return b"%PDF-none"

    monkeypatch.setattr(report, "pdf", pdf)
    return kept


def test_a_case_file_as_pdf_says_what_the_page_says_and_for_whom(desk, node, printed):
    case = {"reference": "A-1", "title": "<i>Names</i>", "purpose": "joint-designation"}
    desk.post("/cases", data=case, headers=OWN)
    address = desk.get("/cases").text.split('href="/cases/')[1].split('"')[0]
    desk.post(f"/cases/{address}/notes", data={"text": "a note & <script>"}, headers=OWN)
    answer = desk.get(f"/cases/{address}?form=pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="A-1.pdf"'
    assert answer.content.startswith(b"%PDF")
    assert "a note &amp; &lt;script&gt;" in printed[0]
    assert "&lt;i&gt;Names&lt;/i&gt;" in printed[0]
    assert "ana · 2021-10-06 12:00:00 UTC · M-" in printed[0]
    assert "<script" not in printed[0]


def test_a_report_holds_its_pictures_and_loads_nothing(desk, printed):
    answer = desk.get("/blocks/report?form=pdf")
    assert answer.status_code == 200
    assert printed[0].count("<svg") >= 3
    assert "http" not in printed[0].replace("http://www.w3.org", "")
    assert "src=" not in printed[0]
    assert printed[0].count("><style>.grid") >= 3
    assert "&lt;style" not in printed[0]
    assert "<script" not in printed[0]


def test_where_no_pdf_can_be_made_the_page_says_so(desk, monkeypatch):
    def missing(_html: str) -> bytes:
        raise NotInstalled(report._("PDFs are not made on this machine: {why}", why="no Pango"))

    monkeypatch.setattr(report, "pdf", missing)
    answer = desk.get("/blocks/report?form=pdf")
    assert answer.status_code == 501
    assert "no Pango" in answer.text
