"""What detection is told, under the names that R's `surveillance` gives it; what has no effect is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from convenio.core.errors import InputError
from convenio.core.method import Params, param
from convenio.core.words import Message, _

Name = Literal[
    "farrington-flexible",
    "farrington",
    "harmonic",
    "ears-c1",
    "ears-c2",
    "ears-c3",
    "cusum",
    "glr",
    "bayes",
    "rki",
    "cdc",
]
Status = Literal["final", "preliminary"]
Gaps = Literal["refuse", "missing", "zero"]
FLEXIBLE, HARMONIC, EARS = "farrington-flexible", "harmonic", ("ears-c1", "ears-c2", "ears-c3")
REGRESSION = (FLEXIBLE, "farrington")
SERVES: Mapping[str, tuple[str, ...]] = {
    "alpha": (*REGRESSION, HARMONIC, *EARS, "bayes", "cdc"),
    "b": (*REGRESSION, HARMONIC, "bayes", "rki", "cdc"),
    "w": (*REGRESSION, "bayes", "rki"),
    "noPeriods": (FLEXIBLE,),
    "pastWeeksNotIncluded": (FLEXIBLE, HARMONIC),
    "reweight": (*REGRESSION, HARMONIC),
    "weightsThreshold": (FLEXIBLE,),
    "trend": (*REGRESSION, HARMONIC, "glr"),
    "pThresholdTrend": (FLEXIBLE,),
    "thresholdMethod": (FLEXIBLE,),
    "powertrans": REGRESSION,
    "limit54": (*REGRESSION, HARMONIC),
    "populationOffset": (FLEXIBLE, HARMONIC),
    "sameWeekday": (FLEXIBLE,),
    "baseline": EARS,
    "minSigma": EARS,
    "k": ("cusum",),
    "h": ("cusum",),
    "trans": ("cusum",),
    "m": ("cusum", "cdc"),
    "c_ARL": ("glr",),
    "M": ("glr",),
    "Mtilde": ("glr",),
    "theta": ("glr",),
    "dir": ("glr",),
    "change": ("glr",),
    "ret": ("glr",),
    "S": ("glr", HARMONIC),
    "dispersion": ("cusum", "glr"),
    "actY": ("bayes", "rki"),
    "exact": ("cusum", "glr"),
}
"""The methods that each argument serves."""

ADVICE: Mapping[tuple[str, str], Message] = {
    ("alpha", "cusum"): _("its rate of false alarms is set by k and h; the overdispersion is called dispersion here"),
    ("alpha", "glr"): _("its rate of false alarms is set by c_ARL; the overdispersion is called dispersion here"),
    ("alpha", "rki"): _("its rule has two standard deviations built in"),
    ("w", "ears-c1"): _("the length of its moving window is baseline"),
    ("w", "ears-c2"): _("the length of its moving window is baseline"),
    ("w", "ears-c3"): _("the length of its moving window is baseline"),
    ("noPeriods", "harmonic"): _("its season is made of harmonics; S is how many, chosen without it"),
    ("thresholdMethod", "harmonic"): _("its bound is that of midp"),
    ("w", "harmonic"): _("it compares with every week of b years"),
    ("w", "cdc"): _("it compares blocks of four weeks; m is how many of them on either side"),
}


class DetectParams(Params):
    """What detection is told; what is left out has the method's own default."""

    method: Name = param(_("method"), FLEXIBLE)
    last: int | None = param(
        _("periods at the end of each series that are tested; 1 without it"), None, ge=1, le=100_000
    )
    range: str | None = param(
        _("FROM:TO, which are tested instead: days (2011-01-03:2011-12-26) or places in the series from 1"), None
    )
    alpha: float | None = param(
        _("false-alarm rate of one period; two-sided for farrington and cdc, as in R; 0.01 for farrington-flexible"),
        None,
        gt=0,
        lt=0.5,
    )
    b: int | None = param(_("years to go back"), None, ge=0, le=50)
    w: int | None = param(_("half-window about the same time of earlier years"), None, ge=0, le=26)
    noPeriods: int | None = param(_("seasonal levels in a year; 10 for weeks"), None, ge=1, le=52)  # noqa: N815
    pastWeeksNotIncluded: int | None = param(  # noqa: N815
        _("last periods left out of the baseline; 26 for weeks"), None, ge=0, le=366
    )
    reweight: bool | None = param(_("whether past outbreaks are weighed down"), None)
    weightsThreshold: float | None = param(_("Anscombe residual above which they are; 2.58"), None, gt=0)  # noqa: N815
    trend: bool | None = param(_("whether a trend is fitted"), None)
    pThresholdTrend: float | None = param(  # noqa: N815
        _("largest p value at which the trend is kept; 1"), None, gt=0, le=1
    )
    thresholdMethod: Literal["nbPlugin", "muan", "delta", "midp"] | None = param(  # noqa: N815
        _("how the bound is made; nbPlugin"), None
    )
    powertrans: Literal["2/3", "1/2", "none"] | None = param(_("transformation of the counts; 2/3"), None)
    limit54: str | None = param(_("CASES,PERIODS: no bound where fewer cases were seen of late; 5,4"), None)
    populationOffset: bool | None = param(  # noqa: N815
        _("whether the population is an offset; yes where the file has one"), None
    )
    sameWeekday: bool | None = param(  # noqa: N815
        _("whether a day is compared with the same weekday alone; yes for daily series"), None
    )
    baseline: int | None = param(_("periods in the moving window (EARS); 7"), None, ge=3, le=366)
    minSigma: float | None = param(_("least standard deviation (EARS)"), None, ge=0)  # noqa: N815
    k: float | None = param(_("reference value (CUSUM); 1.04"), None, ge=0)
    h: float | None = param(_("decision limit (CUSUM); 2.26"), None, gt=0)
    trans: Literal["none", "standard", "rossi", "anscombe", "anscombe2nd", "pearsonNegBin", "anscombeNegBin"] | None = (
        param(_("transformation (CUSUM); standard"), None)
    )
    m: str | None = param(_("mean in control, a number or glm (CUSUM); four-week blocks on either side (CDC)"), None)
    c_ARL: float | None = param(_("threshold of the statistic (GLR); 5"), None, gt=0)  # noqa: N815
    M: int | None = param(_("periods that the onset may lie back (GLR); -1 for all"), None, ge=-1)
    Mtilde: int | None = param(_("fewest observations of a shift (GLR); 1"), None, ge=1)
    theta: float | None = param(_("a known shift on the log scale (GLR)"), None)
    dir: Literal["inc", "dec"] | None = param(_("whether a rise or a fall is watched for (GLR); inc"), None)
    change: Literal["intercept", "epi"] | None = param(_("kind of change that is watched for (GLR); intercept"), None)
    ret: Literal["cases", "value"] | None = param(
        _("whether the bound is in cases or is the statistic (GLR); cases where there is such a bound"), None
    )
    S: int | None = param(
        _("harmonics of the year in the mean (GLR: 1; harmonic: as many as earn their place)"), None, ge=0, le=6
    )
    dispersion: float | None = param(
        _("overdispersion of the negative binomial, which R calls alpha there (CUSUM, GLR); GLR estimates it without"),
        None,
        ge=0,
    )
    actY: bool | None = param(_("whether the periods just before count too (Bayes, RKI)"), None)  # noqa: N815
    exact: bool | None = param(
        _("what the papers define, where R's search or table falls short of it (CUSUM, GLR); yes"), None
    )
    complete_from: float = param(_("least percent complete of a period that is tested"), 0.0, ge=0, le=100)
    as_of: dt.date | None = param(_("take the counts as they were known on this day"), None)
    age: int | None = param(_("take each count as it was known so many days after its period began"), None, ge=0)
    status: Status = param(_("which counts are tested; final and preliminary are never mixed"), "final")
    gaps: Gaps = param(_("what a period that is not in the file is: refused, missing, or no case"), "refuse")
    only_alarms: bool = param(_("leave out what is no alarm"), False)


def chosen(method: Name, told: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that were given, once each is known to have an effect.

    Args:
        method: the detection method.
        told: arguments by their R name; None where one was not given.

    Raises:
        InputError: one has no effect with this method; the error names the methods it serves.
    """
    given = {name: value for name, value in told.items() if value is not None}
    for name in given:
        if method not in SERVES[name]:
            serves = _("it serves {methods}", methods=", ".join(SERVES[name]))
            raise InputError(
                _("{name} has no effect with {method}", name=name, method=method),
                where=f"--{name}",
                advice=ADVICE.get((name, method), serves),
            )
    return given


def pair(text: str) -> tuple[int, int]:
    """`5,4` as two numbers.

    Raises:
        InputError: it is something else.
    """
    cases, _comma, periods = text.partition(",")
    if not cases.strip().isdigit() or not periods.strip().isdigit():
        raise InputError(_("{value} is no pair CASES,PERIODS", value=text), where="--limit54", advice=_("as in 5,4"))
    return int(cases), int(periods)


def bounds_of(text: str) -> tuple[int, int] | tuple[dt.date, dt.date]:
    """`FROM:TO` as days, or as places from 1.

    Raises:
        InputError: it is neither, or its end lies before its beginning.
    """
    first, colon, last = (each.strip() for each in text.partition(":"))
    made: Any = None
    if colon and first.isdigit() and last.isdigit() and int(first) >= 1:
        made = int(first), int(last)
    elif colon:
        try:
            made = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        except ValueError:
            made = None
    if made is None or made[1] < made[0]:
        raise InputError(
            _("{value} is no range FROM:TO", value=text),
            where="--range",
            advice=_("as in 2011-01-03:2011-12-26, or 209:260"),
        )
    found: tuple[int, int] | tuple[dt.date, dt.date] = made
    return found
