"""The notebook runs from top to bottom and shows what it computes."""

from __future__ import annotations

import ast
import json
from pathlib import Path

NOTEBOOK = Path(__file__).resolve().parents[3] / "docs" / "notebooks" / "missing_published_case.ipynb"


def test_the_notebook_computes_what_it_shows():
    cells = [each for each in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if each["cell_type"] == "code"]
    names: dict[str, object] = {}
    shown = 0
    for cell in cells:
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "notebook", "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "notebook", "eval"), names)
            expected = "".join(cell["outputs"][0]["data"]["text/plain"])
            assert value == ast.literal_eval(expected)
            shown += 1
    assert shown == 4
