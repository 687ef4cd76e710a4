"""What may be said of a commitment, by whom, and until when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from convenio.core.errors import Conflict, InputError, Refused
from convenio.core.words import _
from convenio.programs.framework.model import COMPLETIONS, RATERS, Commitment, Indicator, Rating
from convenio.programs.framework.rules.ages import good_until
from convenio.programs.framework.rules.results import has_true_outcome

NOTHING = _("nothing was changed")
DATED = re.compile(r"\S.*[,;@ ]\s*(\d{4}-\d{2}-\d{2})$", re.DOTALL)


def needs_evidence(completion: str) -> bool:
    """Whether a completion has to rest on something: what was begun has; nothing begun, and no evidence, need none."""
    return completion in {"limited", "substantial", "complete", "withdrawn"}


def evidence_good_until(
    evidence: Sequence[str], days: Mapping[str, dt.date | None], given_on: dt.date, where: str
) -> dt.date:
    """The last day on which all that a rating rests on is good: the oldest piece decides.

    Args:
        evidence: names of indicators, milestones, documents, evaluations or audits; or words that end with their day
            (`visit of the laboratory, 2023-05-01`).
        days: the day each name is of: of an indicator its newest observation; none where it has no day yet.
        given_on: the day of the rating: what rests on nothing is looked at again after 24 months, too.
        where: named in the error.

    Raises:
        Refused: a piece has no day (an indicator without observation, a milestone not done, words without a day), or
            its day is after the rating's.
    """
    found = [given_on]
    for each in evidence:
        dated = DATED.match(each.strip())
        if days.get(each) is None and dated is None:
            raise Refused(
                _("nobody can tell how old this evidence is: {evidence}", evidence=each[:80]),
                where=where,
                advice=_(
                    "name an indicator that was observed, a milestone that is done, a document, an evaluation or an "
                    "audit; or end the words with their day: site visit, 2023-05-01"
                ),
                kept=NOTHING,
            )
        try:
            day = days.get(each) or dt.date.fromisoformat(dated.group(1) if dated else "")
        except ValueError as error:
            raise InputError(_("this is no day: {day}", day=each[-10:]), where=where, kept=NOTHING) from error
        if day > given_on:
            raise Refused(
                _("the evidence {evidence} is younger than the rating", evidence=each[:80]), where=where, kept=NOTHING
            )
        found.append(day)
    return min(good_until(day) for day in found)


def may_rate(
    rating: Rating, commitment: Commitment, indicators: Sequence[Indicator], held: Sequence[Rating], good: dt.date
) -> None:
    """Refuse a rating that the rules do not admit.

    Args:
        rating: the new one.
        commitment: what it rates.
        indicators: those of the commitment.
        held: ratings of this commitment that are there.
        good: the last day on which its evidence is good, see `evidence_good_until`.

    Raises:
        Conflict: this rater has rated since; the error says what, when and by whom.
        Refused: a principle is not scored; a completion rests on nothing; a result stands without an outcome indicator
            whose baseline is older than the action, or beside "no evidence"; a reviewer does not say why it is
            independent, or gave no comment period; the rating outlives its evidence.
        InputError: it expires before it is given, or a version is left out.
    """
    if commitment.modality == "principle":
        raise Refused(_("a principle is shown, not scored"), where=commitment.id, kept=NOTHING)
    _not_rated_since(rating, held)
    if rating.rater == "reviewer":
        _independent(rating)
    if needs_evidence(rating.completion) and not rating.evidence:
        raise Refused(
            _("a rating rests on evidence"),
            where=commitment.id,
            advice=_("name it; without any, the rating is no-evidence"),
            kept=NOTHING,
        )
    if rating.completion == "no-evidence" and (rating.evidence or rating.result.strip()):
        raise Refused(_("no evidence and evidence at once"), where=commitment.id, kept=NOTHING)
    if rating.result.strip() and not any(has_true_outcome(each) for each in indicators):
        raise Refused(
            _("no result is shown without an outcome baseline older than the action"),
            where=commitment.id,
            advice=_("rate completion alone, or register an outcome indicator with its baseline"),
            kept=NOTHING,
        )
    if rating.expires_on > good:
        raise Refused(
            _("the rating outlives its evidence, which is good until {day}", day=good.isoformat()),
            where=commitment.id,
            advice=_("leave the day out: it follows from the evidence"),
            kept=NOTHING,
        )
    if rating.expires_on <= rating.given_on:
        raise InputError(_("a rating expires after it is given"), where=commitment.id, kept=NOTHING)


def side_by_side(ratings: Sequence[Rating], today: dt.date) -> dict[str, Rating | None]:
    """The newest rating of each rater that has not expired; disagreement is shown, never averaged."""
    found: dict[str, Rating | None] = dict.fromkeys(RATERS)
    for each in sorted(ratings, key=lambda rating: (rating.version, rating.given_on)):
        found[each.rater] = each if each.expires_on > today else None
    return found


def _not_rated_since(rating: Rating, held: Sequence[Rating]) -> None:
    own = [each for each in held if each.rater == rating.rater]
    last = max(own, key=lambda each: each.version, default=None)
    if last is not None and last.version >= rating.version:
        raise Conflict(
            _(
                "{rater} has rated it already on {day}: {completion}, by {by}",
                rater=RATERS[rating.rater],
                day=last.given_on.isoformat(),
                completion=COMPLETIONS[last.completion],
                by=last.by,
            ),
            where=rating.commitment,
            advice=_("a new judgement is version {number}", number=last.version + 1),
            kept=NOTHING,
        )
    if rating.version != (last.version if last else 0) + 1:
        raise InputError(
            _(
                "version {new} would leave out version {next}",
                new=rating.version,
                next=(last.version if last else 0) + 1,
            ),
            where=rating.commitment,
            kept=NOTHING,
        )
    if last is not None and rating.given_on < last.given_on:
        raise InputError(_("a rating follows the one before it"), where=rating.commitment, kept=NOTHING)


def _independent(rating: Rating) -> None:
    if not rating.independence.strip() or rating.comments_from is None or rating.comments_to is None:
        raise Refused(
            _("a reviewer says why it is independent, and which comment period it gave"),
            where=rating.commitment,
            kept=NOTHING,
        )
    if not rating.comments_from <= rating.comments_to <= rating.given_on:
        raise InputError(
            _("the comment period has a beginning and an end, and lies before the rating"),
            where=rating.commitment,
            kept=NOTHING,
        )
