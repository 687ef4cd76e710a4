"""`convenio programs`: what is installed and what each program answers."""

from __future__ import annotations

from convenio.core.program import discover
from convenio.core.words import _

GOALS = {
    "protect": _("protect our people"),
    "prevent": _("prevent cross-border crime"),
    "pursue": _("pursue criminal networks"),
    "all": _("all goals"),
}
"""The framework's goals in words; another's program may name one of its own, which is shown as it stands."""


def programs() -> None:
    """List the programs and what each answers."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in (_("program"), _("goal"), _("answers")):
        table.add_column(str(heading), overflow="fold")
    for program in discover().values():
        table.add_row(program.command, str(GOALS.get(program.goal, program.goal)), str(program.answers))
    Console().print(table)
