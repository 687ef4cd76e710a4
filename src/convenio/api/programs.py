"""`/api/v1/<program>/…`: what a program brings in its `interface.py`, beside the operations of its methods."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter

from convenio.api.access import person_of, scoped
from convenio.core.errors import ConvenioError
from convenio.core.program import Program, discover
from convenio.node.node import Node
from convenio.web.program_interface import ProgramInterface
from convenio.work.acts import Acts
from convenio.work.border import Border
from convenio.work.queue import Queue

log = logging.getLogger("convenio.api")
MODULE = "interface"


def router(node: Node, programs: Mapping[str, Program] | None = None) -> APIRouter:
    """The operations that programs bring themselves; one that cannot be imported is left out and logged."""
    made = APIRouter()
    for program in (discover() if programs is None else programs).values():
        try:
            if not (program.folder / f"{MODULE}.py").is_file():
                continue
            own = importlib.import_module(f"{program.package}.{MODULE}")
            inner = own.router(_given(node, program))
        except (ConvenioError, ImportError):
            log.exception("%s", program.name)
            continue
        made.include_router(inner, prefix=f"/{program.command}", tags=[program.name])
    return made


def _given(node: Node, program: Program) -> ProgramInterface:
    return ProgramInterface(
        program=program,
        caller=person_of,
        scoped=scoped,
        now=node.clock,
        folder=Path(node.settings.home) / "programs" / program.name,
        party=node.settings.party,
        queue=Queue(node.store, node.clock),
        border=Border(node.store, node.clock),
        acts=Acts(node.store, node.clock, program.name),
        holdings=getattr(node, "holdings", None),
    )
