"""Which bytes are which letters: byte order marks, UTF-8, UTF-16, and the code pages that older systems write.

A file that mixes UTF-8 with one-byte letters, as appended exports do, is read as UTF-8 with each stray byte taken from
Windows-1252; how often that happened is counted, so that nothing is absorbed unseen.
"""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import _

MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MIXED = "convenio-mixed"
EXPECTED = frozenset("áéíóúüñÁÉÍÓÚÜÑ¿¡ºª°")
WINDOW = 1 << 20

stray = 0
"""How many stray bytes were taken from Windows-1252 in this process so far; readers take the difference."""


def _take_stray(error: UnicodeError) -> tuple[str, int]:
    global stray  # noqa: PLW0603 - a codec's error handler has no other way to count
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    stray += len(bad)
    return "".join(_letter(each) for each in bad), error.end


def _letter(byte: int) -> str:
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


codecs.register_error(MIXED, _take_stray)


def windows(path: Path, *, size: int = WINDOW) -> list[bytes]:
    """The first bytes of a file and, of a large one, some from further on, cut at line ends."""
    whole = path.stat().st_size
    with path.open("rb") as file:
        found = [file.read(size)]
        if whole > 8 * size:
            for part in (0.25, 0.5, 0.75):
                file.seek(int(whole * part))
                piece = file.read(size)
                found.append(piece[piece.find(b"\n") + 1 : piece.rfind(b"\n") + 1])
            file.seek(whole - size)
            last = file.read()
            found.append(last[last.find(b"\n") + 1 :])
    return found


def find_encoding(samples: list[bytes]) -> str:
    """The encoding of a text, as Python names it; `utf-8` with strays is `utf-8/cp1252`."""
    head = samples[0]
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    wide = _without_mark(head)
    if wide:
        return wide
    good = bad = 0
    for sample in samples:
        valid, strays = _letters_beyond_ascii(sample)
        good, bad = good + valid, bad + strays
    if not bad:
        return "utf-8"
    if good > bad / 4:
        return "utf-8/cp1252"
    return _code_page(b"".join(samples))


def _without_mark(head: bytes) -> str:
    """UTF-16 betrays itself without a mark: every other byte of Latin text is null."""
    part = head[: 1 << 12]
    if len(part) < 4:
        return ""
    even, odd = part[0::2].count(0) / (len(part) / 2), part[1::2].count(0) / (len(part) / 2)
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    if even > 0.4 and odd < 0.1:
        return "utf-16-be"
    return ""


def _letters_beyond_ascii(sample: bytes) -> tuple[int, int]:
    """How many letters beyond ASCII are sound UTF-8, and how many bytes are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("ignore")
    text = decoder.decode(sample)
    beyond = re.sub(r"[\x00-\x7f]+", "", text)
    held = len(beyond.encode("utf-8"))
    above = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    pending = len(decoder.getstate()[0])
    return len(beyond), above - held - pending


def _code_page(sample: bytes) -> str:
    """The code page under which most letters are ones that Spanish and English use; Windows-1252 in doubt."""
    beyond = bytes(each for each in sample[: 8 * WINDOW] if each > 127)
    best, name = -1.0, "cp1252"
    for page in ("cp1252", "cp850", "mac_roman"):
        try:
            text = beyond.decode(page)
        except UnicodeDecodeError:
            text = beyond.decode("latin-1") if page == "cp1252" else ""
            page = "latin-1" if page == "cp1252" else page  # noqa: PLW2901 - its nearest relative
        score = sum(letter in EXPECTED for letter in text) / max(len(beyond), 1)
        if score > best + 0.05:
            best, name = score, page
    return name


def open_text(path: Path, encoding: str) -> io.TextIOWrapper:
    """The file as text, line ends untouched.

    Raises:
        InputError: Python knows no such encoding.
    """
    name, _slash, second = encoding.partition("/")
    try:
        codecs.lookup(name)
    except LookupError:
        raise InputError(
            _("there is no encoding {name}", name=encoding),
            where=path.name,
            advice=_("common ones are utf-8, cp1252, latin-1, utf-16; without --encoding it is found out"),
        ) from None
    errors = MIXED if second or name.startswith("utf-8") else "replace"
    return path.open("r", encoding=name, errors=errors, newline="")
