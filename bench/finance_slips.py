"""Recall on variants by another hand than the product's own, beside relatives, at the frozen threshold.

`finance_screening` makes its variants with the generator that stands in the product. Here they come from another one,
written in another style: slips of a Spanish keyboard, spelling by ear, given names in another order, hyphens, particles
written together, suffixes, English order, broken encodings, a name that went through Cyrillic, nicknames between the
names. At its first run recall was .9591, with broken UTF-8 at .88, lost letters at .81 and HTML references at .39; what
an encoding broke is mended since, and a `kh` may be a Spanish jota, so those classes are unseen no longer, the others
are. Listed people are OFAC's who bear two
surnames and a CURP; a class that leaves a surname out is given the birth date. Relatives bear the same slips as the
variants do, so that what lifts recall cannot hide in them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from bench.finance_peer import wilson
from bench.finance_screening import LIST, THRESHOLD, relatives, two_surnames
from bench.harness import Row, clock, shell
from convenio.entities.names.variants import Parts
from convenio.programs.finance.screening.party import party
from convenio.programs.finance.screening.screener import Screener
from convenio.programs.finance.sources.ofac_sdn import read_sdn

SEED = 7919
ROWS = ("qwertyuiop", "asdfghjklñ", "zxcvbnm")
EARS = (("b", "v"), ("v", "b"), ("z", "s"), ("s", "z"), ("ce", "se"), ("ci", "si"), ("ll", "y"), ("y", "ll"),
        ("ge", "je"), ("gi", "ji"), ("je", "ge"), ("x", "j"), ("qu", "k"), ("gü", "w"))  # fmt: skip
CYRILLIC = (("que", "ке"), ("qui", "ки"), ("gue", "ге"), ("gui", "ги"), ("ge", "хе"), ("gi", "хи"), ("ce", "се"),
            ("ci", "си"), ("ch", "ч"), ("lla", "лья"), ("lle", "лье"), ("lli", "льи"), ("llo", "льо"), ("ll", "ль"),
            ("ña", "нья"), ("ñe", "нье"), ("ño", "ньо"), ("ia", "ия"), ("ya", "я"), ("yo", "йо"), ("y", "и"),
            ("h", ""), ("j", "х"), ("a", "а"), ("b", "б"), ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"),
            ("i", "и"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("q", "к"),
            ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в"), ("x", "с"), ("z", "с"))  # fmt: skip
"""Practical transcription from Spanish to Russian, longest first."""
SMALL = {"juan": "Juanito", "carlos": "Carlitos", "luis": "Luisito", "pedro": "Pedrito", "miguel": "Miguelito",
         "jorge": "Jorgito", "ana": "Anita", "rosa": "Rosita", "jose": "Pepito", "manuel": "Manolo",
         "antonio": "Toño", "roberto": "Beto", "eduardo": "Lalo", "ignacio": "Nacho"}  # fmt: skip
Made = Callable[[Parts, random.Random], str]
BIRTH_DATE = frozenset({"middle initial, mother's surname missing", "husband's surname for the mother's"})


def _spoilt(word: str, chance: random.Random) -> str:
    """A slip of the fingers in a word of four letters and more."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    kind = chance.choice(("next key", "doubled", "left out", "turned round"))
    if kind == "next key":
        row = next((each for each in ROWS if word[at].lower() in each), "")
        if row:
            place = row.index(word[at].lower())
            return word[:at] + row[place - 1 if place else place + 1] + word[at + 1 :]
    if kind == "doubled":
        return word[:at] + word[at] + word[at:]
    if kind == "turned round" and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :]


def _heard(word: str, chance: random.Random) -> str:
    able = [(a, b) for a, b in EARS if a in word.lower()]
    if not able:
        return "H" + word.lower() if word[:1].upper() in "AEIOU" else word
    a, b = chance.choice(able)
    return word.lower().replace(a, b, 1).capitalize()


def accented(word: str) -> str:
    """A word with the accent that its ending asks for: Pérez, García, León."""
    low = word.lower()
    found = re.sub(r"([aeiou])([^aeiou]+[ae]z)$", lambda m: "áéíóú"["aeiou".index(m[1])] + m[2], low)
    found = re.sub(r"ia$", "ía", found) if low in {"garcia", "mejia", "maria", "chavarria", "echeverria"} else found
    found = re.sub(r"(?<=.{2})([aio])n$", lambda m: "áíó"["aio".index(m[1])] + "n", found)
    return found.replace("nunez", "núñez").replace("núnez", "núñez").replace("jose", "josé").capitalize()


def _all(p: Parts, change: Callable[[str], str]) -> str:
    return " ".join(change(word) for word in p.written().split())


def _one_surname(change: Callable[[str, random.Random], str]) -> Made:
    def made(p: Parts, chance: random.Random) -> str:
        first = chance.random() < 0.5
        paterno = change(p.paterno, chance) if first else p.paterno
        materno = p.materno if first else change(p.materno, chance)
        return f"{p.given} {paterno} {materno}".title()

    return made


def _two_words(p: Parts, chance: random.Random) -> str:
    given, *rest = p.given.split()
    return " ".join([_spoilt(given, chance), *rest, p.paterno, _spoilt(p.materno, chance)])


def _turned_given(p: Parts, _chance: random.Random) -> str:
    given = p.given.split()
    return f"{' '.join(reversed(given))} {p.paterno} {p.materno}" if len(given) == 2 else ""


def _joined_particle(p: Parts, _chance: random.Random) -> str:
    text = f"{p.paterno} {p.materno}".lower()
    joined = re.sub(r"\b(de la|de los|de las|del|de) ", lambda m: m[1].replace(" ", ""), text)
    return f"{p.given} {joined}".title() if joined != text else ""


def _small(p: Parts, _chance: random.Random) -> str:
    given = p.given.split()
    if given[0].lower() not in SMALL or len(given) > 1:
        return ""
    return f"{SMALL[given[0].lower()]} {p.paterno} {p.materno}"


def _through_cyrillic(p: Parts, _chance: random.Random) -> str:
    text = p.written().lower()
    for latin, letter in CYRILLIC:
        text = text.replace(latin, letter)
    return text.title()


CLASSES: dict[str, Made] = {
    "slip of the keyboard in a surname": _one_surname(_spoilt),
    "a surname by ear": _one_surname(_heard),
    "slips in two words": _two_words,
    "second given name left out": lambda p, _c: f"{p.given.split()[0]} {p.paterno} {p.materno}"
    if " " in p.given
    else "",
    "given names turned round": _turned_given,
    "given names as initials, with stops": lambda p, _c: ". ".join(w[0] for w in p.given.split())
    + f". {p.paterno} {p.materno}",
    "surnames hyphenated": lambda p, _c: f"{p.given} {p.paterno}-{p.materno}".title(),
    "surnames joined by y": lambda p, _c: f"{p.given} {p.paterno} y {p.materno}".title(),
    "particles written together": _joined_particle,
    "suffix": lambda p, c: p.written() + c.choice((" Jr.", ", Jr", " hijo", " (hijo)", " II")),
    "English order with a comma": lambda p, _c: f"{p.paterno} {p.materno}, {p.given}".title(),
    "last word taken for the surname": lambda p, _c: f"{p.materno}, {p.given} {p.paterno}".title(),
    "accents as broken UTF-8": lambda p, _c: _all(p, accented).encode().decode("latin-1"),
    "accents as question marks": lambda p, _c: re.sub(r"[^\x00-\x7f]", "?", _all(p, accented)),
    "accents as the replacement sign": lambda p, _c: re.sub(r"[^\x00-\x7f]", "\ufffd", _all(p, accented)),
    "accents as HTML": lambda p, _c: _all(p, accented).encode("ascii", "xmlcharrefreplace").decode(),
    "accents in two parts, odd spaces": lambda p, _c: "\u00a0 ".join(
        _all(p, accented).replace("é", "e\u0301").replace("ñ", "n\u0303").split()
    ),
    "through Cyrillic": _through_cyrillic,
    "nickname between the names": lambda p, _c: f'{p.given} "El Güero" {p.paterno} {p.materno}'.title(),
    "alias after the name": lambda p, c: p.written() + c.choice((" alias El Güero", " (a) El Güero", " a.k.a. Güero")),
    "small form of the given name": _small,
    "titles before the name": lambda p, c: c.choice(("Profr. ", "Mtro. ", "Tte. Cor. ", "C. ", "Sra. ", "Don "))
    + p.written(),
    "middle initial, mother's surname missing": lambda p, _c: f"{p.given.split()[0]} {p.given.split()[1][0]}. "
    f"{p.paterno}"
    if " " in p.given
    else "",
    "husband's surname for the mother's": lambda p, _c: f"{p.given} {p.paterno} de Villaseñor",
}  # fmt: skip


def variants(p: Parts, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Every class that applies to a name and changes it, with the name as it makes it."""
    for kind, make in CLASSES.items():
        text = make(p, chance)
        if text and text.upper() != p.written().upper():
            yield kind, text


def run(*, quick: bool) -> list[Row]:
    if not LIST.is_file():
        return [Row("recall by another hand", "not run", "", note="the real list is not here; set CONVENIO_DATA")]
    entries = read_sdn(LIST).entries
    screener = Screener(entries, threshold=THRESHOLD)
    people = two_surnames(entries)[: 60 if quick else None]
    chance = random.Random(SEED)
    found: dict[str, list[bool]] = {}
    with clock() as taken:
        for entry, parts in people:
            born = entry.birth_dates[0].first if entry.birth_dates else None
            for kind, text in variants(parts, chance):
                if kind.startswith("husband") and entry.gender != "female":
                    continue
                facts = {"name": text, "kind": "person"} | ({"birth_date": born} if kind in BIRTH_DATE and born else {})
                found.setdefault(kind, []).append(entry.id in {h.entry.id for h in screener.hits(party(facts))})
    every = [each for flags in found.values() for each in flags]
    low, high = wilson(sum(every), len(every))
    rows = [
        Row(
            "recall by another hand",
            round(sum(every) / len(every), 4),
            "share",
            goal=">= 0.98",
            met=sum(every) / len(every) >= 0.98,
            note=f"{len(every)} variants in {len(found)} classes, 95 % {low:.4f} to {high:.4f}, threshold {THRESHOLD}; "
            f"{taken.cpu:.1f} CPU s",
        )
    ]
    for kind, flags in found.items():
        share = sum(flags) / len(flags)
        rows.append(
            Row(kind, round(share, 4), "share", goal=">= 0.90", met=share >= 0.90, note=f"{len(flags)} variants")
        )
    flagged = {}
    for kind, held in relatives(people, 40 if quick else 500).items():
        for name, entry in held:
            slips = " ".join(_spoilt(word, chance) if n == 0 else word for n, word in enumerate(name.split()))
            for way, text in (("as written", name), ("with a slip", slips)):
                hit = entry.id in {h.entry.id for h in screener.hits(party({"name": text, "kind": "person"}))}
                flagged.setdefault(f"flagged: {kind}, {way}", []).append(hit)
    for kind, flags in flagged.items():
        low, high = wilson(sum(flags), len(flags))
        share = sum(flags) / len(flags)
        rows.append(
            Row(
                kind,
                round(share, 4),
                "share",
                goal="<= 0.01, upper bound <= 0.02",
                met=share <= 0.01 and high <= 0.02,
                note=f"{sum(flags)} of {len(flags)} pairs, names only, 95 % {low:.4f} to {high:.4f}",
            )
        )
    return rows


if __name__ == "__main__":
    shell(run)
