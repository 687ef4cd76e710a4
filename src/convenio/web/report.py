"""Reports: one source for page, print and PDF. Where `convenio[pdf]` is not installed, asking for a PDF says so."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from convenio.core.errors import NotInstalled
from convenio.core.words import _
from convenio.web.pages import STATIC, Pages, on_paper
from convenio.web.security import file_name

SHEETS = ("convenio.css", "blocks.css", "print.css", "report.css")


def report_html(pages: Pages, request: Request | None, template: str, *, mark: str = "", **values: Any) -> str:
    """The report as one HTML document that needs nothing else: styles within, pictures drawn, no script.

    Args:
        pages: renders it.
        request: what was asked; None outside a request.
        template: a template that extends `report.html`.
        mark: who it was made for, printed at the foot of each page.
        **values: what the template wants.
    """
    styles = "\n".join((STATIC / each).read_text(encoding="utf-8") for each in SHEETS)
    token = on_paper.set(True)
    try:
        return pages.text(template, request, styles=styles, mark=mark, **values)
    finally:
        on_paper.reset(token)


def report(
    pages: Pages, request: Request, template: str, *, name: str, mark: str | None = None, **values: Any
) -> Response:
    """The report as a PDF (PDF/UA-1: it can be read aloud).

    Raises:
        NotInstalled: the part that makes PDFs is not installed here.
    """
    viewer = request.state.viewer
    shown = mark if mark is not None else f"{viewer.name} · {pages.clock():%Y-%m-%d %H:%M} UTC"
    made = pdf(report_html(pages, request, template, mark=shown, **values))
    headers = {"content-disposition": f'attachment; filename="{file_name(name, "report")}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


def pdf(html: str) -> bytes:
    """A document as PDF; it loads nothing from anywhere.

    Raises:
        NotInstalled: WeasyPrint, or one of its system libraries, is missing.
    """
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise NotInstalled(
            _("PDFs are not made on this machine: {why}", why=str(error).splitlines()[0]),
            advice=_("print the page from the browser, or install convenio[pdf] with Pango"),
        ) from error

    def nothing(address: str, *_given: Any, **_named: Any) -> dict[str, Any]:
        raise ValueError(address)

    made: bytes = weasyprint.HTML(string=html, url_fetcher=nothing).write_pdf(pdf_variant="pdf/ua-1")
    return made
