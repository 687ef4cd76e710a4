"""A report as one HTML file that needs nothing else: its text set as headings and tables, its pedigrees drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

import convenio
from convenio.core.program import program
from convenio.web.pages import Pages, Site
from convenio.web.report import report_html

PIPE = re.compile(r"(?<!\\)\|")
RULE = re.compile(r"^\|[-|]+\|$")


@dataclass(frozen=True)
class Block:
    """One piece of a report.

    Args:
        kind: `h2`, `p`, `list`, `table` or `code`.
        text: of a heading, a paragraph or code.
        rows: of a table, the first its heading; of a list, one cell each.
    """

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def sheet(text: str, drawings: Mapping[str, str] | None = None) -> str:
    """The report as HTML, in the language of the context.

    Args:
        text: the report as the text reports are written (`frame`).
        drawings: SVG by name, as `drawing.draw` makes it; they stand before the text's second part.
    """
    lines = text.rstrip().split("\n")
    pages = Pages(Site(party="", title="Convenio", version=convenio.__version__))
    pages.add("missing", program("missing").folder / "templates")
    blocks = list(blocks_of(lines[1:]))
    second = [n for n, each in enumerate(blocks) if each.kind == "h2"][1:2] or [len(blocks)]
    return report_html(
        pages,
        None,
        "missing/report.html",
        title=lines[0].removeprefix("# "),
        first=blocks[: second[0]],
        rest=blocks[second[0] :],
        drawings=[(name, placed(svg, n)) for n, (name, svg) in enumerate((drawings or {}).items())],
    )


def placed(svg: str, number: int) -> Markup:
    """A drawing to stand among others in one page: ids of its own. Every text in it was escaped when it was drawn."""
    own = svg.replace('aria-labelledby="t d"', f'aria-labelledby="t{number} d{number}"')
    own = own.replace('id="t"', f'id="t{number}"').replace('id="d"', f'id="d{number}"')
    return Markup(own)  # noqa: S704 - made by `draw`, which escapes names


def blocks_of(lines: list[str]) -> Iterator[Block]:
    """The pieces of a report's text."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if line == "```":
            end = lines.index("```", at + 1)
            yield Block("code", "\n".join(lines[at + 1 : end]))
            at = end + 1
        elif line.startswith("|"):
            end = next((n for n in range(at, len(lines)) if not lines[n].startswith("|")), len(lines))
            yield Block("table", rows=tuple(_cells(each) for each in lines[at:end] if not RULE.match(each)))
            at = end
        elif line.startswith("- "):
            items: list[str] = []
            while at < len(lines) and lines[at].startswith(("- ", "  ")):
                if lines[at].startswith("- "):
                    items.append(lines[at][2:])
                else:
                    items[-1] += " · " + lines[at].strip()
                at += 1
            yield Block("list", rows=tuple((each,) for each in items))
        else:
            if line.startswith("## "):
                yield Block("h2", line[3:])
            elif line.strip():
                yield Block("p", line)
            at += 1


def _cells(line: str) -> tuple[str, ...]:
    return tuple(each.strip().replace("\\|", "|") for each in PIPE.split(line)[1:-1])
