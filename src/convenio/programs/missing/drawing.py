"""A pedigree as a geneticist draws it: squares and circles, generations as rows, the missing marked, in SVG.

Symbols follow Bennett et al. 2008, J Genet Couns 17:424: square male, circle female, diamond unknown, a double line
between parents who are related, Roman numerals for generations. A filled symbol gave a sample; a question mark is
missing.
"""

from __future__ import annotations

from collections.abc import Collection
from html import escape

from convenio.core.words import _
from convenio.programs.missing.methods.pedigree import Pedigree, Person

WIDE, HIGH, SIZE, BELOW = 96, 112, 34, 40
INK = "#1b1b1b"
FILLED = "#9db9d8"

Place = tuple[float, float]


def draw(pedigree: Pedigree, *, sampled: Collection[str] = (), missing: Collection[str] = ()) -> str:
    """The pedigree as an SVG document, with a title and a description in words.

    Args:
        pedigree: any; loops are drawn with crossing lines.
        sampled: persons who gave a sample.
        missing: persons who are missing.
    """
    places = _places(pedigree)
    width = max((x for x, _y in places.values()), default=0) + WIDE / 2
    height = max((y for _x, y in places.values()), default=0) + HIGH / 2 + 10
    parts = [*_numerals(places), *_lines(pedigree, places)]
    parts += [_symbol(p, places[p.id], p.id in sampled, p.id in missing) for p in pedigree.persons]
    title = escape(str(_("Pedigree {name}", name=pedigree.name)))
    words = escape(" ".join(_sentence(p, sampled, missing) for p in pedigree.persons))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-labelledby="t d" font-family="sans-serif" font-size="13">\n'
        f'<title id="t">{title}</title>\n<desc id="d">{words}</desc>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def generations(pedigree: Pedigree) -> dict[str, int]:
    """Row of each person: below both parents, and beside the partner."""
    row = {p.id: 0 for p in pedigree.persons}
    for _round in range(2 * len(row) + 1):
        before = dict(row)
        for p in pedigree.ordered:
            parents = [q for q in (p.father, p.mother) if q is not None]
            if parents:
                row[p.id] = max(row[p.id], 1 + max(row[q] for q in parents))
                if len(parents) == 2:
                    low = max(row[q] for q in parents)
                    for q in parents:
                        if pedigree.by_id[q].founder:
                            row[q] = low
        if row == before:
            break
    return row


def _places(pedigree: Pedigree) -> dict[str, Place]:
    row = generations(pedigree)
    levels: list[list[str]] = [[] for _r in range(max(row.values(), default=0) + 1)]
    done: set[str] = set()
    for p in sorted(pedigree.ordered, key=lambda p: (not (p.founder and row[p.id] == 0), p.sex == "female")):
        _put(p.id, pedigree, row, levels, done)
    _bring_together(pedigree, row, levels)
    spot = {id_: float(i) for level in levels for i, id_ in enumerate(level)}
    for _round in range(12):
        for level in (*levels, *reversed(levels)):
            _settle(level, spot, pedigree)
    for level in levels:
        _settle(level, spot, pedigree, up_only=True)
    left = min(spot.values(), default=0.0)
    return {id_: ((x - left + 0.5) * WIDE + WIDE / 3, row[id_] * HIGH + HIGH / 2) for id_, x in spot.items()}


def _put(id_: str, pedigree: Pedigree, row: dict[str, int], levels: list[list[str]], done: set[str]) -> None:
    """Place a person, then the partners beside, then the children."""
    if id_ in done:
        return
    done.add(id_)
    levels[row[id_]].append(id_)
    parents = [(pedigree.by_id[c].father, pedigree.by_id[c].mother) for c in pedigree.children[id_]]
    for q in dict.fromkeys(q for pair in parents for q in pair if q is not None and q not in done):
        if pedigree.by_id[q].founder and row[q] == row[id_]:
            done.add(q)
            levels[row[q]].append(q)
    for child in pedigree.children[id_]:
        _put(child, pedigree, row, levels, done)


def _bring_together(pedigree: Pedigree, row: dict[str, int], levels: list[list[str]]) -> None:
    """Move whoever stands between two parents of one row to the left of both, where that parts no other couple."""
    pairs = dict.fromkeys((p.father, p.mother) for p in pedigree.persons if p.father and p.mother)
    couples = [(f, m) for f, m in pairs if row[f] == row[m]]
    for father, mother in couples:
        level = levels[row[father]]
        left, right = sorted((level.index(father), level.index(mother)))
        before, between, after = level[:left], level[left + 1 : right], level[right + 1 :]
        tried = [*before, *between, level[left], level[right], *after]
        if _parted(tried, couples) < _parted(level, couples):
            levels[row[father]] = tried


def _parted(level: list[str], couples: list[tuple[str, str]]) -> int:
    """Number of couples of a row who do not stand side by side."""
    place = {id_: n for n, id_ in enumerate(level)}
    return sum(abs(place[f] - place[m]) > 1 for f, m in couples if f in place and m in place)


def _settle(level: list[str], spot: dict[str, float], pedigree: Pedigree, *, up_only: bool = False) -> None:
    """Draw each person towards parents and children, keeping the order and a place between neighbours."""
    wished = []
    for id_ in level:
        person = pedigree.by_id[id_]
        near = [spot[q] for q in (person.father, person.mother) if q is not None]
        near += [] if up_only else [spot[c] for c in pedigree.children[id_]]
        wished.append(sum(near) / len(near) if near else spot[id_])
    for i, id_ in enumerate(level):
        least = spot[level[i - 1]] + 1 if i else wished[i]
        spot[id_] = max(wished[i], least)
    moved = [spot[id_] - w for id_, w in zip(level, wished, strict=True)]
    fixed = [each for id_, each in zip(level, moved, strict=True) if not (up_only and pedigree.by_id[id_].founder)]
    shift = sum(fixed) / max(len(fixed), 1)
    for id_ in level:
        spot[id_] -= shift


def _lines(pedigree: Pedigree, places: dict[str, Place]) -> list[str]:
    found = []
    couples: dict[tuple[str, ...], list[str]] = {}
    for p in pedigree.persons:
        parents = tuple(q for q in (p.father, p.mother) if q is not None)
        if parents:
            couples.setdefault(parents, []).append(p.id)
    for number, (parents, children) in enumerate(couples.items()):
        xs = [places[q][0] for q in parents]
        middle = sum(xs) / len(xs)
        top = max(places[q][1] for q in parents)
        if len(parents) == 2:
            left, right = sorted((places[parents[0]], places[parents[1]]))
            between = left[1] == right[1] and any(left[0] < x < right[0] and y == left[1] for x, y in places.values())
            offs = (-2.5, 2.5) if related(pedigree, *parents) else (0.0,)
            for off in offs:
                found += _mating(left, right, off, below=BELOW if between else 0.0)
            top += BELOW if between else 0.0
        bar = max(places[q][1] for q in parents) + HIGH / 2 - 6 + 4 * (number % 4)
        found.append(_line(middle, top, middle, bar))
        ends = [places[c][0] for c in children]
        found.append(_line(min([*ends, middle]), bar, max([*ends, middle]), bar))
        found += [_line(places[c][0], bar, places[c][0], places[c][1] - SIZE / 2) for c in children]
    return found


def _mating(left: Place, right: Place, off: float, *, below: float) -> list[str]:
    """The line between two parents; below the symbols where somebody stands between them."""
    (x1, y1), (x2, y2) = left, right
    if not below:
        return [_line(x1, y1 + off, x2, y2 + off)]
    one, two, low = x1 + SIZE / 2 + 10 + off, x2 - SIZE / 2 - 10 - off, y1 + below - off
    return [
        _line(x1, y1 + off, one, y1 + off),
        _line(one, y1 + off, one, low),
        _line(one, low, two, low),
        _line(two, low, two, y2 + off),
        _line(two, y2 + off, x2, y2 + off),
    ]


def related(pedigree: Pedigree, one: str, two: str) -> bool:
    """Whether two persons have an ancestor in common, or one descends from the other."""
    return bool(_lineage(pedigree, one) & _lineage(pedigree, two))


def _lineage(pedigree: Pedigree, id_: str) -> set[str]:
    found: set[str] = set()
    waiting = [id_]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            person = pedigree.by_id[each]
            waiting += [q for q in (person.father, person.mother) if q is not None]
    return found


def _numerals(places: dict[str, Place]) -> list[str]:
    """The generation of each row at its left edge."""
    rows = sorted({y for _x, y in places.values()})
    return [
        f'<text x="6" y="{y + 5:.1f}" fill="{INK}">{roman(n)}</text>' for n, y in enumerate(rows, start=1) if rows[1:]
    ]


def roman(number: int) -> str:
    """A number up to 39 in Roman numerals."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{INK}" stroke-width="1.5"/>'


def _symbol(person: Person, at: Place, sampled: bool, missing: bool) -> str:  # noqa: FBT001 - two marks of a symbol
    x, y = at
    style = f'fill="{FILLED if sampled else "#ffffff"}" stroke="{INK}" stroke-width="1.5"'
    half = SIZE / 2
    if person.sex == "male":
        shape = f'<rect x="{x - half:.1f}" y="{y - half:.1f}" width="{SIZE}" height="{SIZE}" {style}/>'
    elif person.sex == "female":
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{half:.1f}" {style}/>'
    else:
        shape = (
            f'<path d="M{x:.1f} {y - half - 3:.1f} l{half + 3:.1f} {half + 3:.1f} l{-half - 3:.1f} {half + 3:.1f} '
            f'l{-half - 3:.1f} {-half - 3:.1f} z" {style}/>'
        )
    mark = f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-weight="bold">?</text>' if missing else ""
    name = escape(person.id)
    return f'<g>{shape}{mark}<text x="{x:.1f}" y="{y + half + 16:.1f}" text-anchor="middle">{name}</text></g>'


def _sentence(person: Person, sampled: Collection[str], missing: Collection[str]) -> str:
    sex = {"male": _("male"), "female": _("female")}.get(person.sex, _("of unknown sex"))
    if person.founder:
        words = _("{id}: {sex}.", id=person.id, sex=sex)
    else:
        words = _(
            "{id}: {sex}, child of {father} and {mother}.",
            id=person.id,
            sex=sex,
            father=person.father or "-",
            mother=person.mother or "-",
        )
    marks = [_("Gave a sample.")] if person.id in sampled else []
    marks += [_("Missing.")] if person.id in missing else []
    return " ".join(str(each) for each in (words, *marks))
