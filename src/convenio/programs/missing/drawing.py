"""A pedigree as a geneticist draws it: squares and circles, generations as rows, the missing marked, in SVG.

Symbols follow Bennett et al. 2008, J Genet Couns 17:424: square male, circle female, diamond unknown. A filled symbol
gave a sample; a question mark is missing.
"""

from __future__ import annotations

from collections.abc import Collection
from html import escape

from convenio.core.words import _
from convenio.programs.missing.methods.pedigree import Pedigree, Person

WIDE, HIGH, SIZE = 96, 112, 34
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
    parts = [*_lines(pedigree, places)]
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
    for p in sorted(pedigree.ordered, key=lambda p: not (p.founder and row[p.id] == 0)):
        _put(p.id, pedigree, row, levels, done)
    spot = {id_: float(i) for level in levels for i, id_ in enumerate(level)}
    for _round in range(12):
        for level in (*levels, *reversed(levels)):
            _settle(level, spot, pedigree)
    left = min(spot.values(), default=0.0)
    return {id_: ((x - left + 0.5) * WIDE + WIDE / 4, row[id_] * HIGH + HIGH / 2) for id_, x in spot.items()}


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


def _settle(level: list[str], spot: dict[str, float], pedigree: Pedigree) -> None:
    """Draw each person towards parents and children, keeping the order and a place between neighbours."""
    wished = []
    for id_ in level:
        person = pedigree.by_id[id_]
        near = [spot[q] for q in (person.father, person.mother) if q is not None]
        near += [spot[c] for c in pedigree.children[id_]]
        wished.append(sum(near) / len(near) if near else spot[id_])
    for i, id_ in enumerate(level):
        least = spot[level[i - 1]] + 1 if i else wished[i]
        spot[id_] = max(wished[i], least)
    shift = sum(spot[id_] - w for id_, w in zip(level, wished, strict=True)) / max(len(level), 1)
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
            (x1, y1), (x2, y2) = places[parents[0]], places[parents[1]]
            found.append(_line(x1, y1, x2, y2))
        bar = top + HIGH / 2 - 6 + 4 * (number % 4)
        found.append(_line(middle, top, middle, bar))
        ends = [places[c][0] for c in children]
        found.append(_line(min([*ends, middle]), bar, max([*ends, middle]), bar))
        found += [_line(places[c][0], bar, places[c][0], places[c][1] - SIZE / 2) for c in children]
    return found


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
