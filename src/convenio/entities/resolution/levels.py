"""What resolution compares, in levels: how two records agree on a thing, and how often they do so by chance.

`m` is how often records of one person stand at a level, `u` how often those of two people do; both are where training
starts from, and stay as they are for identifiers. The model is that of Fellegi and Sunter (1969, JASA 64:1183), with
frequencies of names by Winkler (1988).

A CURP is made from initials, birth date, sex and state, an RFC from names and birth date: where one of them is equal,
agreement on those facts is no further evidence and counts nothing (`Comparison.counted`). Disagreement still counts:
an equal CURP beside another name and date is a doubt, not a match.

Relatives share surnames, address and telephone, twins the birth date, father and son the name. They are a third
explanation of a pair beside "one person" and "chance", with frequencies of their own (`Level.kin`): assumptions, not
counted anywhere, made from what relatives are.
"""

from __future__ import annotations

from dataclasses import dataclass

KEY_EQUAL = "(coalesce(curp_l = curp_r, false) OR coalesce(rfc_l = rfc_r AND length(rfc_l) = 13, false))"


MISSPELT = 100
"""From so many times commoner on, a surname one letter away is rather the same one misspelt (`RODRIGEZ`)."""


@dataclass(frozen=True)
class Level:
    """One way to agree.

    Args:
        name: what reasons call it.
        sql: condition on columns that end in `_l` and `_r`; the last level of a comparison has `ELSE`.
        m: how often, among records of one person.
        u: how often, among those of two.
        kin: how often, among those of two close relatives.
    """

    name: str
    sql: str
    m: float
    u: float
    kin: float


@dataclass(frozen=True)
class Comparison:
    """One thing that is compared.

    Args:
        name: the column, or what the columns tell together.
        absent: condition under which nothing is known.
        levels: most agreement first.
        counted: agreement that an equal CURP or RFC has told already.
        frequency: column whose rare values weigh more at the first level.
        trained: whether m and u are counted in the data at hand.
    """

    name: str
    absent: str
    levels: tuple[Level, ...]
    counted: str | None = None
    frequency: str | None = None
    trained: bool = True

    @property
    def nothing(self) -> str:
        """The condition under which the comparison counts nothing, as SQL."""
        told = f" OR ({KEY_EQUAL} AND ({self.counted}))" if self.counted else ""
        return f"({self.absent}{told})"

    def case(self, *, with_counted: bool) -> str:
        """The number of the level as SQL: -1 for nothing, 0 for the last one, and so on upwards."""
        tests = [f"WHEN {self.nothing if with_counted else self.absent} THEN -1"]
        for number, level in zip(range(len(self.levels) - 1, 0, -1), self.levels, strict=False):
            tests.append(f"WHEN {level.sql} THEN {number}")
        return f"CASE {' '.join(tests)} ELSE 0 END"

    def level(self, number: int) -> Level:
        """The level of a number that `case` gives from 0."""
        return self.levels[len(self.levels) - 1 - number]


def _alike(column: str) -> str:
    """One letter apart, or nearly the same; two surnames that are both well known (García, Garza) are two surnames."""
    near = (
        f"(damerau_levenshtein({column}_l, {column}_r) <= 1 OR jaro_winkler_similarity({column}_l, {column}_r) >= 0.92)"
    )
    rare, often = (f"{which}({column}_known_l, {column}_known_r)" for which in ("least", "greatest"))
    return f"({near} AND NOT coalesce({rare} > 0 AND {often} < {MISSPELT} * {rare}, false))"


def _absent(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


_GIVEN_ALIKE = (
    "jaro_winkler_similarity(given_first_l, given_first_r) >= 0.88"
    " OR (damerau_levenshtein(given_first_l, given_first_r) <= 1 AND length(given_first_l) > 3)"
)
_GIVEN_SHARED = (
    "given_first_l = given_second_r OR given_second_l = given_first_r"
    " OR list_has_any(string_split(given_l, ' '), string_split(given_r, ' '))"
)
_GIVEN_INITIAL = "(length(given_first_l) = 1 OR length(given_first_r) = 1) AND given_letter_l = given_letter_r"
_TURNED = "paterno_l = materno_r AND (materno_l = paterno_r OR materno_l IS NULL OR paterno_r IS NULL)"
_TURNED_EITHER = f"coalesce({_TURNED} OR (materno_l = paterno_r AND materno_r IS NULL), false)"
_PATERNO_ALIKE, _MATERNO_ALIKE = _alike("paterno"), _alike("materno")
_NEW_YEAR = "right(birth_l, 4) = '0101'"
"""1 January is written where only the year is known, so that it tells less than another day."""
_BIRTH_ALIKE = "birth_l = birth_r OR birth_turned_l = birth_r OR damerau_levenshtein(birth_l, birth_r) <= 1"
_GIVEN_AGREES = f"given_l = given_r OR {_GIVEN_SHARED} OR {_GIVEN_INITIAL} OR {_GIVEN_ALIKE}"

COMPARISONS: tuple[Comparison, ...] = (
    Comparison(
        "given",
        _absent("given_first"),
        (
            Level("equal", "given_first_l = given_first_r", 0.87, 0.01, 0.03),
            Level("shared", _GIVEN_SHARED, 0.06, 0.03, 0.05),
            Level("initial", _GIVEN_INITIAL, 0.02, 0.001, 0.01),
            Level("alike", _GIVEN_ALIKE, 0.04, 0.01, 0.02),
            Level("different", "ELSE", 0.01, 0.949, 0.89),
        ),
        counted=_GIVEN_AGREES,
        frequency="given_first",
    ),
    Comparison(
        "paterno",
        _absent("paterno"),
        (
            Level("equal", "paterno_l = paterno_r", 0.88, 0.006, 0.93),
            Level("turned", _TURNED_EITHER, 0.02, 0.0005, 0.01),
            Level("alike", _PATERNO_ALIKE, 0.07, 0.005, 0.05),
            Level("different", "ELSE", 0.03, 0.9885, 0.01),
        ),
        counted=f"paterno_l = paterno_r OR {_TURNED_EITHER} OR {_PATERNO_ALIKE}",
        frequency="paterno",
    ),
    Comparison(
        "materno",
        _absent("materno") + f" OR {_TURNED_EITHER}",
        (
            Level("equal", "materno_l = materno_r", 0.86, 0.006, 0.72),
            Level("alike", _MATERNO_ALIKE, 0.08, 0.005, 0.05),
            Level("different", "ELSE", 0.06, 0.989, 0.23),
        ),
        counted=f"materno_l = materno_r OR {_MATERNO_ALIKE}",
        frequency="materno",
    ),
    Comparison(
        "birth_date",
        _absent("birth"),
        (
            Level("equal, 1 January", f"birth_l = birth_r AND {_NEW_YEAR}", 0.0027, 0.000027, 0.0003),
            Level("equal", "birth_l = birth_r", 0.9273, 0.000033, 0.0147),
            Level("turned", "birth_turned_l = birth_r", 0.02, 0.00003, 0.0005),
            Level("one digit", "damerau_levenshtein(birth_l, birth_r) <= 1", 0.03, 0.0015, 0.004),
            Level("same year", "left(birth_l, 4) = left(birth_r, 4)", 0.01, 0.02, 0.0105),
            Level("different", "ELSE", 0.01, 0.97841, 0.97),
        ),
        counted=_BIRTH_ALIKE,
    ),
    Comparison(
        "sex",
        _absent("sex"),
        (Level("equal", "sex_l = sex_r", 0.99, 0.97, 0.5), Level("different", "ELSE", 0.01, 0.03, 0.5)),
        trained=False,
    ),
    Comparison(
        "curp",
        _absent("curp"),
        (
            Level("equal", "curp_l = curp_r", 0.96, 1e-9, 1e-9),
            Level("one character", "damerau_levenshtein(curp_l, curp_r) <= 1", 0.02, 1e-7, 0.0005),
            Level("different", "ELSE", 0.02, 1 - 1e-7 - 1e-9, 0.9995),
        ),
        trained=False,
    ),
    Comparison(
        "rfc",
        _absent("rfc") + " OR coalesce(curp_l = curp_r, false)",
        (
            Level("equal", "rfc_l = rfc_r AND length(rfc_l) = 13", 0.93, 1e-8, 1e-8),
            Level("homoclave", "left(rfc_l, 10) = left(rfc_r, 10)", 0.03, 2e-5, 0.01),
            Level("different", "ELSE", 0.04, 1 - 2e-5 - 1e-8, 0.99),
        ),
        trained=False,
    ),
    Comparison(
        "passport",
        _absent("passport"),
        (Level("equal", "passport_l = passport_r", 0.55, 1e-8, 1e-8), Level("different", "ELSE", 0.45, 1 - 1e-8, 1.0)),
        trained=False,
    ),
    Comparison(
        "phone",
        _absent("phone"),
        (Level("equal", "phone_l = phone_r", 0.60, 0.00001, 0.25), Level("different", "ELSE", 0.40, 0.99999, 0.75)),
    ),
    Comparison(
        "address",
        _absent("address"),
        (Level("equal", "address_l = address_r", 0.65, 0.00002, 0.5), Level("different", "ELSE", 0.35, 0.99998, 0.5)),
    ),
)

BLOCKS: tuple[tuple[str, ...], ...] = (
    ("curp",),
    ("rfc",),
    ("passport",),
    ("birth", "paterno"),
    ("birth", "given_first"),
    ("birth", "materno"),
    ("paterno", "materno", "given_first"),
    ("phone", "given_first"),
    ("phone", "paterno"),
    ("address", "given_first"),
)
"""Pairs that agree on one of these are compared; all others are taken for different people."""

CROSS_BLOCKS = (
    "l.birth = r.birth AND l.paterno = r.materno",
    "l.birth = r.birth AND l.materno = r.paterno",
    "l.birth = r.birth AND l.given_first = r.given_second",
    "l.birth = r.birth AND l.given_second = r.given_first",
    "l.birth_turned = r.birth AND l.paterno = r.paterno",
    "l.paterno = r.paterno AND l.given_first = r.given_first AND left(l.birth, 4) = left(r.birth, 4)",
    "l.paterno = r.paterno AND l.given_first = r.given_first AND right(l.birth, 4) = right(r.birth, 4)",
)
"""The same, crosswise: turned surnames, a first given name left out, a turned or misread birth date."""
