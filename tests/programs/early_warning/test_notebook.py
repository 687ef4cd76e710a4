"""The notebook runs from top to bottom, shows what it computes, and says what the figure's authors say."""

from __future__ import annotations

import ast
import json
from pathlib import Path

NOTEBOOK = Path(__file__).resolve().parents[3] / "docs" / "notebooks" / "early_warning_published_figure.ipynb"


def test_the_notebook_computes_what_it_shows(data, monkeypatch):
    monkeypatch.setenv("CONVENIO_DATA", str(data))
    cells = [each for each in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if each["cell_type"] == "code"]
    names: dict[str, object] = {}
    shown = drawn = 0
    for cell in cells:
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "notebook", "exec"), names)
        if last is None:
            continue
        value = eval(compile(ast.Expression(last.value), "notebook", "eval"), names)
        held = cell["outputs"][0]["data"]
        if "image/svg+xml" in held:
            assert value._repr_svg_() == "".join(held["image/svg+xml"])
            drawn += 1
        else:
            assert value == ast.literal_eval("".join(held["text/plain"]))
            shown += 1
    assert (shown, drawn) == (6, 1)
    c1, original, improved = (names["alarms"](names[each]) for each in ("c1", "original", "improved"))
    assert c1[-4:] == [43, 44, 45, 46]
    assert len(improved) < len(original)
    assert set(improved) >= {44, 45, 46, 47}
