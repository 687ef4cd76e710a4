"""`python -m tests.faults.serving HOME SECONDS`: a node whose clock is wrong by so many seconds.

It serves as `convenio node serve` does, without pages and without the programs' methods, so that it starts quickly.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount

from convenio.api.app import api
from convenio.node.node import now, open_node
from convenio.node.serve import serve

if __name__ == "__main__":
    wrong = dt.timedelta(seconds=float(sys.argv[2]))
    node = open_node(Path(sys.argv[1]), clock=lambda: now() + wrong)
    serve(node, Starlette(routes=[Mount("/api/v1", api(node, programs={}))]))
