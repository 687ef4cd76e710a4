"""Text that an encoding has broken, mended where it is plain what stood there."""

from __future__ import annotations

import html
import re

_MISREAD = re.compile("[\u00c2-\u00df][\u0080-\u00bf\u0152-\u2122]|[\u00e0-\u00ef][\u0080-\u00bf\u0152-\u2122]{2}")
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8});", re.IGNORECASE)
_LOST = re.compile(r"(?<=[^\W\d_])[?\ufffd]{1,3}(?![?\ufffd])|(?<![^\W_])[?\ufffd](?=[^\W\d_])")
_WINDOWS = {
    chr(code): each for each in range(128, 160) if (code := ord(bytes([each]).decode("cp1252", "ignore") or "\0"))
}


def whole(text: str) -> str:
    """The text with what an encoding broke put right.

    UTF-8 that was read as Latin-1 or Windows-1252 (`PÃ©rez`) is read again, twice where it was broken twice; character
    references of HTML (`P&eacute;rez`) are put in. A letter that was lost to `?` or the replacement sign is left out,
    so that the rest of the word stays together and is compared as one with a letter missing.
    """
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    for _again in range(2):
        read = _MISREAD.sub(_read_again, text)
        if read == text:
            break
        text = read
    if "?" in text or "\ufffd" in text:
        text = _LOST.sub("", text)
    return text


def _read_again(found: re.Match[str]) -> str:
    """One character's bytes as UTF-8, where they are that; as they stand otherwise."""
    try:
        held = bytes(ord(char) if ord(char) < 256 else _WINDOWS[char] for char in found[0])
        return held.decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return found[0]
