"""What an agency holds, and its consent that another agency of the party reads it, from the command line."""

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from convenio.cli.node import app
from convenio.cli.start import found
from convenio.core.errors import InputError, NotFound, Refused
from convenio.custody.holdings import Purpose
from convenio.node.node import open_node

WHY = Purpose("search", "C-1")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("node") / "home"
    found(folder, "mx", 18_761, 18_762)
    node = open_node(folder)
    node.people.add_agency("fgr", en="Attorney General", es="Fiscalía")
    for name, agency, role in (("ana", "own", "analyst"), ("eva", "own", "supervisor"), ("beto", "fgr", "analyst")):
        node.people.add(name, "correct horse", full_name=name, agency=agency, roles=[role], language="es")
    table = pa.table({"name": ["María"]})
    node.holdings.collect(
        table, actor=node.people.person("ana"), record_type="person", category="missing", title="Padrón"
    )
    node.close()
    return folder


def run(*words):
    done = CliRunner().invoke(app, [str(each) for each in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def number(home):
    node = open_node(home)
    try:
        return node.holdings.all()[0].id
    finally:
        node.close()


def read(home, name):
    node = open_node(home)
    try:
        return node.holdings.rows(number(home), actor=node.people.person(name), purpose=WHY).num_rows
    finally:
        node.close()


def test_an_agency_sees_its_own_records_and_no_others(home):
    assert "Padrón" in run("records", home, "--by", "ana").output
    assert "Padrón" not in run("records", home, "--by", "beto").output


def share(home, **more):
    said = {"--with": "fgr", "--until": "2999-01-01", "--reason": "a joint case", "--by": "eva", **more}
    return run("share", home, number(home), *[word for pair in said.items() for word in pair])


def test_another_agency_reads_once_a_supervisor_has_consented(home):
    for wrong, error in (
        ({"--with": "fgx"}, NotFound),
        ({"--until": "tomorrow"}, InputError),
        ({"--until": "2021-01-01"}, InputError),
        ({"--by": "ana"}, Refused),
        ({"--by": "beto"}, Refused),
    ):
        with pytest.raises(error):
            share(home, **wrong)
    with pytest.raises(NotFound):
        read(home, "beto")
    assert "fgr" in share(home).output
    assert read(home, "beto") == 1


def end(home, **more):
    said = {"--with": "fgr", "--reason": "the case is over", "--by": "eva", **more}
    return run("share", home, number(home), "--end", *[word for pair in said.items() for word in pair])


def test_a_consent_is_taken_back_before_its_day(home):
    share(home)
    for wrong, error in (
        ({"--with": "fgx"}, NotFound),
        ({"--reason": " "}, InputError),
        ({"--until": "2999-01-01"}, InputError),
        ({"--by": "ana"}, Refused),
        ({"--by": "beto"}, Refused),
    ):
        with pytest.raises(error):
            end(home, **wrong)
        assert read(home, "beto") == 1
    assert "may no longer read" in end(home).output
    with pytest.raises(NotFound):
        read(home, "beto")
    with pytest.raises(NotFound):
        end(home)
    share(home)
    assert read(home, "beto") == 1
