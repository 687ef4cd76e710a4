"""Candidates of a search as findings: a claim, a ratio with its meaning, reasons in both languages, no genotype."""

from __future__ import annotations

from convenio.core.finding import Evidence, Finding, Score, Text, keyed_digest
from convenio.core.marking import Marking
from convenio.core.words import _
from convenio.programs.missing.methods.screen import Hit, Screened

METHOD, VERSION = "screen", "1"
MOST = 300.0


def as_finding(hit: Hit, screened: Screened, *, model: str, key: bytes, originator: str) -> Finding:
    """A candidate as a finding, for the queue; what anybody's genotype is stands nowhere in it.

    Args:
        hit: the candidate.
        screened: the search it is from.
        model: mutation model, engine, theta and drop-out, as reports state them.
        key: the node's key for digests, so that nobody can be guessed from one.
        originator: the agency that holds the family's samples; the finding is for its own eyes until it says otherwise.
    """
    reasons = (
        _("{number} loci were compared, with the frequencies of {population}", number=len(screened.loci),
          population=screened.population),
        _("{number} comparisons were made in this search; with so many, some strangers reach a ratio too",
          number=screened.compared),
        _("computed with {model}", model=model),
        _("what would change it: another relative's sample, more loci, or a joint comparison with all remains"),
        _("a candidate is a reason to compare jointly, never an identification"),
    )  # fmt: skip
    return Finding(
        program="missing",
        method=METHOD,
        version=VERSION,
        claim=Text.of(
            _(
                "Remains {candidate} may be {missing} of the family {family}",
                candidate=hit.candidate,
                missing=hit.missing,
                family=hit.family,
            )
        ),
        score=Score(
            value=float(f"{10 ** min(hit.log10_lr, MOST):.3g}"),
            kind="likelihood_ratio",
            meaning=Text.of(
                _(
                    "how many times more probable the genotypes are if these remains are this person than if they "
                    "are a stranger's"
                )
            ),
        ),
        reasons=tuple(Text.of(each) for each in reasons),
        evidence=(
            Evidence(kind="digest", reference=keyed_digest(key, {"family": hit.family})),
            Evidence(kind="digest", reference=keyed_digest(key, {"remains": hit.candidate})),
        ),
        inputs=keyed_digest(key, {"loci": list(screened.loci), "candidate": hit.candidate, "family": hit.family}),
        params={"threshold_log10_lr": screened.threshold, "model": model},
        marking=Marking(originators=frozenset({originator})),
    )
