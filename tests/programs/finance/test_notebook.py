"""The notebook runs from top to bottom."""

import json
from pathlib import Path

NOTEBOOK = Path(__file__).resolve().parents[3] / "docs" / "notebooks" / "finance.ipynb"


def test_every_cell_runs(capsys):
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    space = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)
    said = capsys.readouterr().out
    assert "may be" in said
    assert "puede ser" in said
    assert "4 opened; 1 delisted" in said
