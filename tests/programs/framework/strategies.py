"""Whole scorecards for property tests: parts of every kind that the rules admit, in words no one would choose."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from convenio.programs.framework import model
from convenio.programs.framework.scorecard import Scorecard

FEW = "id,goal,section,modality,software,program,text_en,text_es,publication\n" + "".join(
    f"{number},all,s,commit,tracks,framework,Something,Algo,public\n" for number in ("C20", "C38", "C48", "C52")
)
"""The commitments of a small scorecard that shows nothing of what ships."""


def few(number):
    """So many examples, since one is a whole scorecard; twenty times as many where new ones are explored."""
    times = 20 if settings().max_examples >= 1000 else 1
    return settings(
        max_examples=number * times,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def small(folder):
    """A folder of few commitments."""
    folder.mkdir()
    (folder / "commitments.csv").write_text(FEW, encoding="utf-8")
    return Scorecard(folder)


DAYS = st.dates(dt.date(1890, 1, 1), dt.date(2020, 1, 1))
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t=;,'\"[&<\\"),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip())
LONG = st.just("") | TEXT
NUMBERS = st.floats(-1e18, 1e18, allow_nan=False, allow_infinity=False)
LEVELS = st.sampled_from(["internal", "parties", "public"])
SCORED = st.sampled_from(["C20", "C38", "C52"])
NAMES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,9}\Z")
DIMENSIONS = st.lists(st.builds(model.Dimension, name=TEXT, value=TEXT), max_size=2).map(tuple)
MONEY = st.none() | st.decimals(0, 10**15, places=2, allow_nan=False, allow_infinity=False).map(Decimal)
PARTIAL = st.sampled_from(["", "2021", "2021-10", "2021-10-08"])
SIDES = st.sampled_from(["us", "mx", "both"])
TEXTS = st.lists(TEXT, max_size=3).map(tuple)


@st.composite
def interval(draw):
    value = draw(NUMBERS)
    low, high = draw(st.none() | st.floats(0, 1e6)), draw(st.none() | st.floats(0, 1e6))
    return {
        "value": value,
        "low": None if low is None else value - low,
        "high": None if high is None else value + high,
    }


@st.composite
def measured(draw, name, commitment, level, action):
    """An indicator with targets and observations."""
    base = draw(st.none() | st.builds(lambda told, day, words: {**told, "on": day, **words}, interval(), DAYS, BASE))
    change = draw(st.none() | st.floats(1e-6, 1e6))
    made = model.Indicator(
        id=name,
        commitment=commitment,
        title_en=draw(TEXT),
        title_es=draw(TEXT),
        unit=draw(TEXT.filter(lambda text: text.strip().casefold() not in model.measurement.PERCENT)),
        level=draw(st.sampled_from(["output", "outcome", "impact"])),
        direction=draw(st.sampled_from(["up", "down"])),
        source=draw(TEXT),
        registered_change=change,
        registered_on=None if change is None else draw(DAYS),
        action_began=draw(st.none() | DAYS),
        baseline=base and model.Baseline(**base).locked(),
        said_en=draw(LONG),
        said_es=draw(LONG),
        frequency=draw(st.sampled_from(["", "yearly", "half-yearly"])),
        disaggregation=draw(TEXTS),
        quality=draw(st.sampled_from(["", "official", "estimate"])),
        instrument=draw(LONG),
        address=draw(LONG),
        owner=draw(LONG),
        action=action,
        references=draw(st.lists(REFERENCES, max_size=2).map(tuple)),
        publication=level or draw(LEVELS),
    )
    after = (made.baseline.on if made.baseline else dt.date(1890, 1, 1)) + dt.timedelta(days=1)
    days = st.dates(after, dt.date(2021, 1, 1))
    parts = [made]
    for place, versions in draw(st.dictionaries(st.tuples(days, DIMENSIONS), st.integers(1, 2), max_size=2)).items():
        parts += [
            model.Observation(
                indicator=name,
                on=place[0],
                dimensions=place[1],
                version=version,
                **draw(interval()),
                source=draw(TEXT),
                entered_at=dt.datetime(2022, 1, 1, 12, 30, version, tzinfo=dt.UTC),
                entered_by=draw(TEXT),
                query=draw(LONG),
                suppressed=draw(st.booleans()),
                said=draw(LONG),
                terms=made.terms,
                publication=level or draw(LEVELS),
            )
            for version in range(1, versions + 1)
        ]
    for place, versions in draw(st.dictionaries(st.tuples(days, DIMENSIONS), st.integers(1, 2), max_size=2)).items():
        parts += [
            model.Target(
                indicator=name,
                on=place[0],
                dimensions=place[1],
                version=version,
                value=draw(NUMBERS),
                agreed_by=draw(TEXT),
                agreed_on=draw(DAYS),
                reason=draw(TEXT if version > 1 else LONG),
                publication=level or draw(LEVELS),
            )
            for version in range(1, versions + 1)
        ]
    return parts


BASE = st.fixed_dictionaries({"instrument": TEXT, "said": LONG})
REFERENCES = st.builds(
    model.Reference,
    vocabulary=st.sampled_from(["9", "99"]),
    code=st.just("16.4.2"),
    address=st.just("") | st.just("a b"),
)


@st.composite
def milestones(draw, name, commitment, action):
    due = draw(DAYS)
    on, moves = draw(DAYS), []
    for _move in range(draw(st.integers(0, 2))):
        due += dt.timedelta(days=draw(st.integers(1, 900)))
        moves.append(model.Amendment(due=due, by=draw(TEXT), on=on, reason=draw(TEXT)))
    is_done = draw(st.booleans())
    return model.Milestone(
        id=name,
        commitment=commitment,
        title_en=draw(TEXT),
        title_es=draw(TEXT),
        first_due=moves[0].due - dt.timedelta(days=1) if moves else due,
        amendments=tuple(moves),
        done_on=draw(DAYS) if is_done else None,
        done_by=draw(TEXT) if is_done else "",
        evidence=draw(TEXTS),
        action=action,
        owed_by=draw(SIDES),
        said_en=draw(LONG),
        said_es=draw(LONG),
        source=draw(LONG),
    )


@st.composite
def scorecards(draw, level=None):
    """Parts of one scorecard; all of one level, or each of its own."""
    commitment = draw(SCORED)
    own = {"commitment": commitment}
    words = {"title_en": draw(TEXT), "title_es": draw(TEXT)}
    said = {"said_en": draw(LONG), "said_es": draw(LONG)}
    names = draw(st.lists(NAMES, min_size=10, max_size=10, unique_by=str.casefold))
    names = [f"x{each}" for each in names]
    parts = draw(measured(names[0], commitment, level, None))
    parts += draw(st.just([]) | measured(names[1], commitment, level, names[3]))
    plan = model.MonitoringPlan(
        id=names[2],
        **own,
        action=names[3],
        aims_en=draw(TEXT),
        aims_es=draw(TEXT),
        indicators=(names[0],),
        frequency="yearly",
        responsible=draw(TEXT),
        data=draw(LONG),
        agreed_on=draw(DAYS),
        review_on=draw(st.none() | DAYS),
    )
    action = model.Action(
        id=names[3],
        **own,
        **words,
        owed_by=draw(SIDES),
        agencies=("INL", "SRE"),
        state="active",
        began=draw(DAYS),
        **said,
    )
    risk = model.Risk(
        id=names[4],
        **own,
        kind=draw(st.sampled_from(["risk", "assumption"])),
        text_en=draw(TEXT),
        text_es=draw(TEXT),
        likelihood=draw(st.sampled_from(["", "low", "high"])),
        response=draw(LONG),
        owner=draw(LONG),
    )
    money = model.Funding(
        id=names[5],
        **own,
        action=names[3],
        party=draw(SIDES),
        currency="USD",
        period={"began": dt.date(2019, 10, 1), "ended": dt.date(2020, 9, 30)},
        asked=Decimal("1.5"),
        appropriated=draw(MONEY),
        obligated=draw(MONEY),
        spent=draw(MONEY),
        results=(names[0],),
        source=draw(TEXT),
    )
    evaluation = model.Evaluation(
        id=names[6],
        commitments=(commitment, "C48"),
        **words,
        evaluator=draw(TEXT),
        independent=draw(st.booleans()),
        published_on=dt.date(2021, 1, 1),
        criteria=(
            model.Criterion(name="impact", said_en=draw(TEXT), said_es=draw(TEXT), grade="mixed"),
            model.Criterion(name="coherence", said_en=draw(TEXT), said_es=draw(TEXT)),
        ),
    )
    audit = model.Audit(
        id=names[7],
        auditor="GAO",
        published=dt.date(2021, 2, 1),
        **words,
        count=draw(st.none() | st.just(3)),
        **said,
        recommendations=(
            model.Recommendation(
                number=1,
                state="open",
                state_on="2021-03",
                state_source=draw(TEXT),
                text_en=draw(LONG),
                commitments=("C48",),
            ),
            model.Recommendation(number=3, state="not-known", state_source=draw(LONG)),
        ),
    )
    instrument = model.Instrument(
        id=names[8],
        kind="memorandum",
        **words,
        parties=("us", "mx"),
        signed=draw(PARTIAL),
        commitments=(commitment,),
        clauses=(
            model.Clause(
                number="1",
                text_en=draw(TEXT),
                text_es=draw(TEXT),
                tasks=(
                    model.Task(id="t1", text_en=draw(TEXT), text_es=draw(TEXT), due=draw(DAYS), evidence=draw(TEXTS)),
                ),
            ),
            model.Clause(number="2", text_en=draw(TEXT), text_es=draw(TEXT)),
        ),
        **said,
    )
    document = model.Document(id=names[9], **words, on=dt.date(2021, 6, 1), commitments=(commitment,))
    given = dt.date(2022, 1, 1)
    ratings = [
        model.Rating(
            **own,
            rater="reviewer",
            completion="substantial",
            evidence=(names[9], names[6], f"{draw(TEXT)}, 2021-05-01"),
            independence=draw(TEXT),
            comments_from=dt.date(2021, 11, 1),
            comments_to=dt.date(2021, 11, 30),
            given_on=given,
            expires_on=dt.date(2022, 12, 31),
            by=draw(TEXT),
        ),
        *(
            model.Rating(
                **own,
                rater="mx",
                completion="no-evidence",
                given_on=given,
                expires_on=given.replace(year=2023),
                by="x",
                version=n,
            )
            for n in range(1, draw(st.integers(1, 3)))
        ),
    ]
    lesson = model.Lesson(
        id="lesson-x", commitments=("C48",), text_en=draw(TEXT), text_es=draw(TEXT), learned_on=draw(PARTIAL)
    )
    framework = model.Framework(
        id="next", **words, parties=("us", "mx", "ca"), began=draw(PARTIAL), version=draw(LONG), **said
    )
    places = [
        model.Element(id="next.1", framework="next", place="goal", number="1", **words),
        model.Element(id="next.1.1", framework="next", place="area", parent="next.1"),
    ]
    more = model.Commitment(
        id="N1",
        goal="prevent",
        section=draw(TEXT),
        modality="intend",
        software="tracks",
        program="framework",
        text_en=draw(TEXT),
        text_es=draw(TEXT),
        framework="next",
        objective="next.1.1",
        due=draw(st.none() | DAYS),
    )
    crosswalk = model.Crosswalk(start="next.1", commitments=(commitment, "N1"), relation="partly", **said)
    owner = model.Owner(
        commitment="N1", owed_by="both", us=("State", "DOJ"), mx=("SRE",), basis="named", due=draw(st.none() | DAYS)
    )
    rest = [
        framework,
        *places,
        more,
        crosswalk,
        owner,
        document,
        action,
        plan,
        risk,
        money,
        evaluation,
        audit,
        instrument,
        lesson,
        draw(milestones("step-x", commitment, names[3])),
        *ratings,
    ]
    parts += [each.model_copy(update={"publication": level or draw(LEVELS)}) for each in rest]
    return parts
