"""A likelihood ratio in words."""

from __future__ import annotations

import math

from convenio.core.words import Message, _

SCALE = (0.301, 1.0, 2.0, 3.0, 4.0, 6.0)


def in_words(log10_lr: float, name: str, against: str) -> Message:
    """What a likelihood ratio says of two hypotheses, on the scale of ENFSI.

    Args:
        log10_lr: log10 of the ratio.
        name: the hypothesis above the line.
        against: the one below.

    Source: ENFSI Guideline for Evaluative Reporting in Forensic Science, 2015, table 2.
    """
    if math.isnan(log10_lr):
        return _("what was typed is impossible under both hypotheses")
    if log10_lr == -math.inf:
        return _("what was typed is impossible under {name}", name=name)
    if log10_lr == math.inf:
        return _("what was typed is impossible under {against}", against=against)
    size = abs(log10_lr)
    more, less = (name, against) if log10_lr >= 0 else (against, name)
    steps = (
        _("the findings do not support {more} more than {less}", more=more, less=less),
        _("the findings give weak support to {more} rather than {less}", more=more, less=less),
        _("the findings give moderate support to {more} rather than {less}", more=more, less=less),
        _("the findings give moderately strong support to {more} rather than {less}", more=more, less=less),
        _("the findings give strong support to {more} rather than {less}", more=more, less=less),
        _("the findings give very strong support to {more} rather than {less}", more=more, less=less),
        _("the findings give extremely strong support to {more} rather than {less}", more=more, less=less),
    )
    return steps[sum(size >= limit for limit in SCALE)]
