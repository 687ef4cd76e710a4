"""Letters of other scripts as Latin ones, near enough for comparing names.

Alphabets (Cyrillic, Greek, Arabic, Hebrew, Armenian, Georgian) have tables; syllabaries and Indic scripts are read from
the names that Unicode gives their characters ("KATAKANA LETTER BA", "DEVANAGARI VOWEL SIGN U"). Chinese characters have
no reading here and stay as they are, so that a Chinese name is compared with a Chinese name only.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_CYRILLIC = dict(
    zip(
        "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЇЄҐЎЈЉЊЋЂЏҚҢҒҰҮӘӨҺЅЃЌѢ",
        "A B V G D E E ZH Z I Y K L M N O P R S T U F KH TS CH SH SHCH . Y . E YU YA I YI E G U J LJ NJ C DJ DZ "  # noqa: SIM905
        "K N G U U A O H DZ GJ KJ E".split(),
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
        "A V G D E Z I TH I K L M N X O P R S T Y F CH PS O".split(),  # noqa: SIM905
        strict=True,
    )
)
_ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءآأإؤئپچژگکیہھےں",
        "A B T TH J H KH D DH R Z S SH S D T Z . GH F Q K L M N H U I A A . A A I U I P CH ZH G K I H H E N".split(),  # noqa: SIM905
        strict=True,
    )
)
_HEBREW = dict(
    zip(
        "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
        "A B G D H V Z H T Y K K L M M N N S . P P TS TS K R SH T".split(),  # noqa: SIM905
        strict=True,
    )
)
_ARMENIAN = dict(
    zip(
        "ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ",
        "A B G D E Z E E T ZH I L KH TS K H DZ GH CH M Y N SH O CH P J R S V T R TS U P K O F".split(),  # noqa: SIM905
        strict=True,
    )
)
_GEORGIAN = dict(
    zip(
        "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
        "A B G D E V Z T I K L M N O P ZH R S T U P K GH Q SH CH TS DZ TS CH KH J H".split(),  # noqa: SIM905
        strict=True,
    )
)
_LATIN = {"Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Æ": "AE", "Œ": "OE", "Þ": "TH", "ẞ": "SS", "Ħ": "H", "Ə": "A"}
_TABLES = {
    char: "" if latin == "." else latin
    for table in (_CYRILLIC, _GREEK, _ARABIC, _HEBREW, _ARMENIAN, _GEORGIAN, _LATIN)
    for char, latin in table.items()
}
_INDIC = ("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA")
_SPELT = ("KATAKANA", "HIRAGANA", "ETHIOPIC", "THAI", "LAO", "KHMER", "MYANMAR", "HANGUL", *_INDIC)
CONSONANTAL = ("ARABIC", "HEBREW")


def latin(text: str) -> str:
    """The text with every letter that has a reading written in Latin capitals; others stay."""
    out: list[str] = []
    for char in text:
        if char in _TABLES:
            out.append(_TABLES[char])
        elif ord(char) < 0x530:
            out.append(char)
        else:
            found = _spelt(char)
            if found.startswith("-"):
                out[-1:] = [out[-1].removesuffix("A") if out else "", found[1:]]
            else:
                out.append(found)
    return "".join(out)


def script(text: str) -> str:
    """The script of the first letter, as Unicode names it (`LATIN`, `CJK`, `HANGUL`, …); empty without letters."""
    for char in text:
        if char.isalpha():
            return unicodedata.name(char, "").split(" ")[0].split("-")[0]
    return ""


@cache
def _spelt(char: str) -> str:  # noqa: PLR0911 - one way out per kind of script
    """The reading of a syllable by its name; one that begins with a dash replaces the vowel before it."""
    name = unicodedata.name(char, "")
    words = name.split()
    if not words or words[0] not in _SPELT:
        return char
    last = words[-1]
    if "VIRAMA" in name or "COENG" in name:
        return "-"
    if "VOWEL SIGN" in name or "SARA" in words:
        return "-" + last.replace("AA", "A").replace("II", "I").replace("UU", "U")
    if not char.isalpha() and unicodedata.category(char)[0] != "M":
        return " "
    if words[0] in {"THAI", "LAO"} and len(words) > 2 and words[1] == "CHARACTER":
        return words[2][0] if words[2] not in {"MAI", "MAITAIKHU", "THANTHAKHAT", "MAIYAMOK"} else ""
    if words[0] == "KHMER" and "SIGN" in words:
        return ""
    if words[0] in _INDIC and "SIGN" in words:
        return "N" if last in {"ANUSVARA", "CANDRABINDU"} else ""
    if "SMALL" in words and last == "TU":
        return ""
    return last.replace("AA", "A")
