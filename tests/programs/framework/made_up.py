"""Made-up parts that the framework's tests share."""

from __future__ import annotations

import datetime as dt

from typer.testing import CliRunner

from convenio.programs.framework.commands import app
from convenio.programs.framework.model import Baseline, Indicator, Milestone, Observation, Rating, Target

TODAY = dt.date(2023, 6, 1)
VISIT = "visit of the laboratory, 2023-05-01"


def indicator(**more):
    told = {
        "id": "waiting",
        "commitment": "C52",
        "title_en": "Days until treatment",
        "title_es": "Días hasta el tratamiento",
        "unit": "days",
        "level": "outcome",
        "direction": "down",
        "source": "made up",
        "registered_change": 5.0,
        "registered_on": dt.date(2022, 1, 1),
        "action_began": dt.date(2022, 6, 1),
        "baseline": Baseline(value=100, on=dt.date(2021, 12, 31), instrument="made up"),
        "publication": "public",
    }
    return Indicator(**{**told, **more})


def observation(value=80.0, low=75.0, high=85.0, **more):
    told = {
        "indicator": "waiting",
        "on": dt.date(2023, 1, 1),
        "value": value,
        "low": low,
        "high": high,
        "source": "made up",
        "entered_at": dt.datetime(2023, 2, 1, tzinfo=dt.UTC),
        "entered_by": "ana",
    }
    return Observation(**{**told, **more})


def target(value=70.0, **more):
    told = {
        "indicator": "waiting",
        "on": dt.date(2025, 12, 31),
        "value": value,
        "agreed_by": "the group",
        "agreed_on": dt.date(2022, 1, 1),
    }
    return Target(**{**told, **more})


def rating(**more):
    told = {
        "commitment": "C52",
        "rater": "us",
        "completion": "limited",
        "evidence": (VISIT,),
        "given_on": TODAY,
        "expires_on": TODAY + dt.timedelta(days=365),
        "by": "ana",
    }
    return Rating(**{**told, **more})


def reviewed(**more):
    told = {
        "rater": "reviewer",
        "independence": "a university, paid by neither",
        "comments_from": dt.date(2023, 4, 1),
        "comments_to": dt.date(2023, 4, 30),
    }
    return rating(**{**told, **more})


def milestone(**more):
    told = {
        "id": "m1",
        "commitment": "C69",
        "title_en": "First meeting",
        "title_es": "Primera reunión",
        "first_due": dt.date(2022, 12, 31),
    }
    return Milestone(**{**told, **more})


def run(*words):
    return CliRunner().invoke(app, [str(each) for each in words])
