"""Find every text marked for translation and check that Spanish has it.

python tools/translations.py check     fail on any string that lacks Spanish, or whose values differ
python tools/translations.py missing   print what is missing as .po entries, to paste into a catalogue
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "convenio"
KEYWORDS = {"_": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2)}
METHODS = [
    ("**/assets/**", "ignore"),
    ("**/node_modules/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
    ("**/static/**.js", "javascript"),
    ("src/**.js", "javascript"),
    ("src/**.mjs", "javascript"),
]

Key = str | tuple[str, str]


def extracted() -> Iterator[tuple[Key, str]]:
    """Each marked text with where it stands."""
    for folder in (SOURCE, ROOT / "frontend"):
        if not folder.is_dir():
            continue
        options = {"**/templates/**.html": {"silent": "false"}}
        found = extract_from_dir(str(folder), METHODS, options_map=options, keywords=KEYWORDS)
        for name, line, message, *_rest in found:
            if "node_modules" in name:
                continue
            key: Key = tuple(message[:2]) if isinstance(message, (tuple, list)) else message
            if key and key != "":
                yield key, f"{folder.relative_to(ROOT)}/{name}:{line}"


def called() -> Iterator[tuple[Key, str]]:
    """Each text in a call of a marking function in Python, also inside an f-string, where the extractor sees none."""
    for path in sorted(SOURCE.glob("**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS):
                continue
            texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            if texts and KEYWORDS[node.func.id] is not None:
                yield (texts[0], texts[1]), where
            elif texts:
                yield texts[0], where


def filled() -> Iterator[str]:
    """Each text that is filled before it is looked up, so that no catalogue can have it."""
    for path in sorted(SOURCE.glob("**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            marked = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS
            if marked and any(isinstance(each, ast.JoinedStr | ast.BinOp) for each in node.args[:1]):
                yield f"{path.relative_to(ROOT)}:{node.lineno}: a text is filled before it is translated"


def catalogue() -> tuple[dict[str, object], list[str]]:
    """Every Spanish text by its English, and what is wrong with the catalogues themselves."""
    texts: dict[str, object] = {}
    wrong = []
    for path in sorted(SOURCE.glob("**/locale/es/LC_MESSAGES/*.po")):
        with path.open("rb") as text:
            for message in read_po(text, locale="es"):
                if not message.id:
                    continue
                one = message.id if isinstance(message.id, str) else message.id[0]
                where = f"{path.relative_to(ROOT)}:{message.lineno}"
                if message.fuzzy:
                    wrong.append(f"{where}: fuzzy: {one}")
                spanish = (message.string,) if isinstance(message.string, str) else message.string
                english = (message.id,) if isinstance(message.id, str) else message.id
                wanted = values("".join(english))
                wrong.extend(
                    f"{where}: the values differ: {one}"
                    for each in spanish
                    if each and not values(each) <= wanted | {"number"}
                )
                if all(spanish):
                    texts[one] = message.string
    return texts, wrong


def values(text: str) -> set[str]:
    """The names in braces (and old-style `%(name)s`) that a text is filled from."""
    named = set(re.findall(r"%\((\w+)\)", text))
    try:
        return named | {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(text) if name}
    except ValueError:
        return named


def main() -> int:
    """Check, or print what is missing."""
    texts, wrong = catalogue()
    missing: dict[Key, list[str]] = {}
    wrong += filled()
    for key, where in [*extracted(), *called()]:
        one = key if isinstance(key, str) else key[0]
        if one not in texts:
            missing.setdefault(key, []).append(where)
    if sys.argv[1:] == ["missing"]:
        for key, places in missing.items():
            print(f"#: {' '.join(places)}")
            if isinstance(key, str):
                print(f'msgid {quoted(key)}\nmsgstr ""\n')
            else:
                print(f'msgid {quoted(key[0])}\nmsgid_plural {quoted(key[1])}\nmsgstr[0] ""\nmsgstr[1] ""\n')
        return 0
    for line in wrong:
        print(line)
    for key, places in missing.items():
        print(f"{places[0]}: no Spanish: {key if isinstance(key, str) else key[0]}")
    print(f"translations: {len(texts)} texts, {len(missing)} without Spanish, {len(wrong)} wrong")
    return 1 if missing or wrong else 0


def quoted(text: str) -> str:
    """A text as a .po file writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


if __name__ == "__main__":
    raise SystemExit(main())
