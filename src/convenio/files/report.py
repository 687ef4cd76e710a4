"""A result as one HTML file that opens without a network: no script, no picture from elsewhere, nothing to install."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from convenio.core.record import RecordType, column_words
from convenio.core.words import LANGUAGES, Message, _, _n, language

MOST_ROWS = 5_000
STYLE = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
h1{line-height:1.2}table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:left;font-weight:600;
padding:.5rem 0}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #8886}
th{border-bottom:2px solid}.number{text-align:right;font-variant-numeric:tabular-nums}.scroll{overflow-x:auto}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0}
.note{border-left:.3rem solid #b8860b;padding:.2rem .8rem}footer{margin-top:3rem;font-size:.85rem}
@media print{body{margin:0;max-width:none}.scroll{overflow:visible}thead{display:table-header-group}}
"""


@dataclass
class Section:
    """A table of a report.

    Args:
        title: what it shows.
        table: its rows.
        record: their record type, for headings and units; the columns' names serve without one.
    """

    title: Message
    table: pa.Table
    record: type[RecordType] | None = None


@dataclass
class Report:
    """What a report says.

    Args:
        title: its title.
        summary: what was asked, in a sentence.
        facts: names and values: files, rows, parameters.
        notes: what the reader must know, the most important first.
        sections: its tables.
        literature: what the method stands on.
    """

    title: Message
    summary: Message | None = None
    facts: list[tuple[Message | str, Message | str]] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    literature: Sequence[str] = ()


def html_report(report: Report) -> str:
    """The report as one HTML document, in the language of the context."""
    said = language.get()
    parts = [
        f'<!doctype html><html lang="{said}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{_safe(report.title)}</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{_safe(report.title)}</h1>",
    ]
    if report.summary is not None:
        parts.append(f"<p>{_safe(report.summary)}</p>")
    parts += [f'<p class="note">{_safe(each)}</p>' for each in report.notes]
    if report.facts:
        inner = "".join(f"<dt>{_safe(name)}</dt><dd>{_safe(value)}</dd>" for name, value in report.facts)
        parts.append(f"<dl>{inner}</dl>")
    for section in report.sections:
        parts += _section(section)
    if report.literature:
        inner = "".join(f"<li>{_safe(each)}</li>" for each in report.literature)
        parts.append(f"<h2>{_safe(_('Literature'))}</h2><ul>{inner}</ul>")
    parts.append("</main><footer>Convenio</footer></body></html>")
    return "\n".join(parts)


def _section(section: Section) -> list[str]:
    table = in_one_language(section.table)
    count = _n("{number} row", "{number} rows", table.num_rows)
    parts = [
        f'<h2>{_safe(section.title)}</h2><div class="scroll" tabindex="0"><table><caption>{_safe(count)}</caption>'
    ]
    numbers = [pa.types.is_integer(each.type) or pa.types.is_floating(each.type) for each in table.schema]
    titles = "".join(
        f"<th scope=col class=number>{_safe(each)}</th>" if number else f"<th scope=col>{_safe(each)}</th>"
        for each, number in zip(headings(table, section.record), numbers, strict=True)
    )
    parts.append(f"<thead><tr>{titles}</tr></thead><tbody>")
    shown = table.slice(0, MOST_ROWS)
    for row in zip(*(column.to_pylist() for column in shown.columns), strict=True):
        cells = "".join(
            f"<td class=number>{_safe(shown_value(value))}</td>" if number else f"<td>{_safe(shown_value(value))}</td>"
            for value, number in zip(row, numbers, strict=True)
        )
        parts.append(f"<tr>{cells}</tr>")
    parts.append("</tbody></table></div>")
    if table.num_rows > MOST_ROWS:
        parts.append(f"<p>{_safe(_('only the first {number} rows are shown', number=f'{MOST_ROWS:,}'))}</p>")
    return parts


def in_one_language(table: pa.Table) -> pa.Table:
    """Of columns that stand in both languages (`reason_en`, `reason_es`), the reader's."""
    names = set(table.column_names)
    other = next(each for each in LANGUAGES if each != language.get())
    double = [
        each for each in table.column_names if each.endswith(f"_{other}") and f"{each[:-3]}_{language.get()}" in names
    ]
    return table.drop_columns(double)


def headings(table: pa.Table, record: type[RecordType] | None) -> list[str]:
    """The columns' titles with their units."""
    found = []
    for name in table.column_names:
        told = column_words(record.model_fields[name]) if record is not None and name in record.model_fields else None
        title = str(told["title"]) if told is not None and told["title"] is not None else name
        found.append(f"{title} ({told['unit']})" if told is not None and told["unit"] else title)
    return found


def shown_value(value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e6 else f"{value:,.0f}"
    if isinstance(value, list):
        return ", ".join(shown_value(each) for each in value)
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)


def _safe(value: Message | str) -> str:
    return html.escape(str(value))
