"""Run every bench, each in a process of its own, and write docs/en/performance.md and docs/es/rendimiento.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.harness import OUT

ROOT = Path(__file__).resolve().parent.parent
NOT_BENCHES = {"__init__", "__main__", "harness", "peer"}
SECONDS = 1800

PAGES = {
    "docs/en/performance.md": {
        "title": "Performance and accuracy",
        "intro": (
            "Each table is one claim: ours and the peer's figure on the same work, in the same run. `make bench` runs "
            "them all and writes this page; `.venv/bin/python -m bench.<claim>` runs one. The machines are small and "
            "noisy, so ratios and CPU seconds say more than wall time. A missed goal stands here with its cause."
        ),
        "head": ("what", "ours", "peer", "unit", "goal", "", "conditions"),
        "met": "met",
        "missed": "missed",
        "none": "These benches have not been run here: {names}.",
    },
    "docs/es/rendimiento.md": {
        "title": "Rendimiento y exactitud",
        "intro": (
            "Cada cuadro es una afirmación: nuestra cifra y la de otra herramienta, con el mismo trabajo y "
            "en la misma ejecución. `make bench` las ejecuta todas y escribe esta página; `.venv/bin/python -m "
            "bench.<afirmación>` ejecuta una. Las máquinas son pequeñas y ruidosas: las razones y los segundos de CPU "
            "dicen más que el tiempo de reloj. Una meta no alcanzada aparece aquí con su causa. Los textos de cada "
            "medición se conservan como los escribe el programa, en inglés."
        ),
        "head": ("qué", "nuestra", "comparación", "unidad", "meta", "", "condiciones"),
        "met": "alcanzada",
        "missed": "no alcanzada",
        "none": "Estas mediciones no se han ejecutado aquí: {names}.",
    },
}


def names() -> list[str]:
    """Every bench, by module name."""
    found = [path.stem for path in sorted(Path(__file__).parent.glob("*.py")) if path.stem not in NOT_BENCHES]
    return [each for each in found if "def run(" in (Path(__file__).parent / f"{each}.py").read_text(encoding="utf-8")]


def main() -> int:
    """Run the benches that are asked for, then write the pages from every figure at hand."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", help="benches to run; all without any")
    options.add_argument("--quick", action="store_true", help="small sizes, and no pages written")
    options.add_argument("--pages", action="store_true", help="run nothing; write the pages from bench/out")
    chosen = options.parse_args()
    failed = []
    for each in [] if chosen.pages else chosen.names or names():
        command = [sys.executable, "-m", f"bench.{each}", *(["--quick"] if chosen.quick else [])]
        if subprocess.run(command, cwd=ROOT, timeout=SECONDS, check=False).returncode:
            failed.append(each)
    if not chosen.quick:
        write_pages()
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def write_pages() -> None:
    """Write both pages from the figures in bench/out; what was measured before and not now stays as it stands."""
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(OUT.glob("*.json"))]
    for path, words in PAGES.items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        before = sections(target.read_text(encoding="utf-8")) if target.exists() else {}
        target.write_text(page(results, before, words), encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """The sections of a page by bench."""
    parts = text.split("\n## `bench.")[1:]
    found = {each.partition("`")[0]: "## `bench." + each.rstrip() for each in parts}
    known = set(names())
    return {name: "\n".join(tabled(each)) for name, each in found.items() if name in known}


def tabled(section: str) -> list[str]:
    """A section up to the end of its table."""
    lines = section.split("\n")
    last = max(n for n, line in enumerate(lines) if line.startswith("|"))
    return lines[: last + 1]


def page(results: list[dict[str, Any]], before: dict[str, str], words: dict[str, Any]) -> str:
    """One page."""
    shown = dict(before)
    for result in results:
        lines = [f"## `bench.{result['bench']}`", "", result["machine"], ""]
        lines += ["| " + " | ".join(words["head"]) + " |", "|" + "---|" * len(words["head"])]
        lines += ["| " + " | ".join(cells(row, words)) + " |" for row in result["rows"]]
        shown[result["bench"]] = "\n".join(lines)
    missing = sorted(set(names()) - set(shown))
    text = [f"# {words['title']}", words["intro"], *(shown[each] for each in sorted(shown))]
    if missing:
        text.append(words["none"].format(names=", ".join(f"`{each}`" for each in missing)))
    return "\n\n".join(text) + "\n"


def cells(row: dict[str, Any], words: dict[str, Any]) -> list[str]:
    """One row's cells."""
    verdict = "" if row["met"] is None else words["met"] if row["met"] else words["missed"]
    texts = [row["what"], figure(row["ours"]), figure(row["peer"]), row["unit"], row["goal"], verdict, row["note"]]
    return [str(each).replace("|", "\\|").replace("\n", " ").strip() for each in texts]


def figure(value: float | str | None) -> str:
    """A figure to four digits."""
    return "" if value is None else value if isinstance(value, str) else f"{value:.4g}"


if __name__ == "__main__":
    sys.exit(main())
