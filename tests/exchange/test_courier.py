"""Two nodes that never talk by network: everything between them is carried as files."""

from __future__ import annotations

import datetime as dt

import pytest
from typer.testing import CliRunner

from convenio.cli.peer import app
from convenio.core.errors import ConvenioError, InputError, NotFound, Refused, Unreachable
from convenio.demo.cast import CASE, FIELDS, MX, PURPOSE, US
from convenio.exchange.envelope import EnvelopeError
from convenio.ledger.reconcile import read_entries, reconcile
from tests.exchange.travel import entries, kinds


@pytest.fixture
def apart(pair, tmp_path):
    """The two nodes, without any line; a file carries what is between them."""
    for node, other in ((pair.us, pair.mx), (pair.mx, pair.us)):
        held = node.peers.all()[0]
        with node.store.transaction() as session:
            session.get(type(held), held.party).address = "file:"
        del node.peers.__dict__["_line"]
        assert not node.peers.has_line(other.settings.party)
    return pair


def carry(pair, tmp_path, whence, *, last=None):
    """Write one node's letters to files and take them in at the other; their kinds, in order."""
    node, other = (pair.us, pair.mx) if whence == "us" else (pair.mx, pair.us)
    files = node.courier.export(other.settings.party, tmp_path / "disk")
    told = [other.courier.take(other.courier.read(each)) for each in files[:last]]
    for each in files:
        each.unlink()
    return [each.kind for each in told if not each.again]


def asked(pair):
    return pair.us.courier.ask(pair.order(), pair.person(US, "analyst"))


def matched(pair, tmp_path):
    run = asked(pair)
    assert carry(pair, tmp_path, "us") == ["match-question"]
    assert carry(pair, tmp_path, "mx") == ["match-answer", "taken"]
    return run


def requested(pair, tmp_path):
    run = matched(pair, tmp_path)
    analyst = pair.person(US, "analyst")
    hits = pair.us.asking.hits(run, analyst)
    request = pair.us.requests.open(run, [hits[0].place], FIELDS, analyst, reason="joint designation")
    assert carry(pair, tmp_path, "us") == ["request", "taken"]
    pair.approve(request, 0)
    pair.approve(request, 1)
    return request


def test_match_request_and_release_pass_as_files_alone(apart, tmp_path):
    pair = apart
    request = requested(pair, tmp_path)
    analyst = pair.person(US, "analyst")
    assert carry(pair, tmp_path, "mx") == ["release", "taken"]
    copy = pair.us.copies.all()[0].id
    with pytest.raises(Refused, match="key has not come"):
        pair.us.copies.open(copy, analyst, purpose=PURPOSE, case=CASE)
    assert pair.mx.releases.all()[0].state == "offered"
    assert carry(pair, tmp_path, "us") == ["acceptance", "taken"]
    assert carry(pair, tmp_path, "mx") == ["content-key", "taken"]
    assert len(pair.us.copies.open(copy, analyst, purpose=PURPOSE, case=CASE)) == 1
    assert carry(pair, tmp_path, "us") == ["delivered", "taken"]
    assert pair.mx.releases.all()[0].state == "delivered"
    assert pair.us.requests.get(request).state == "released"
    assert carry(pair, tmp_path, "mx") == ["taken"]
    for node in (pair.us, pair.mx):
        assert node.post.waiting() == []
        node.logs.step()
    sides = (("us", read_entries_of(pair.us, "border-mx")), ("mx", read_entries_of(pair.mx, "border-us")))
    assert reconcile(*sides, now=pair.clock() + dt.timedelta(hours=1)).orphans == []
    assert pair.to_mx.sent == pair.to_us.sent == []


def read_entries_of(node, log):
    return read_entries(node.logs.get(log))


def test_the_hits_are_those_that_the_line_would_have_given(apart, tmp_path):
    pair = apart
    run = matched(pair, tmp_path)
    (held,) = [each for each in pair.us.asking.runs() if each.id == run]
    shared = [row["shared"] for row in pair.truth.to_pylist()]
    places = [each.place for each in pair.us.asking.hits(run, pair.person(US, "analyst"))]
    assert places == [i for i, one in enumerate(shared) if one]
    assert (held.state, held.padded_size, held.hits) == ("done", 300, len(places))
    assert kinds(pair.us, "border-mx")[-1] == "asked"
    assert "answered" in kinds(pair.mx, "border-us")


def test_no_file_holds_the_content_key_before_the_signed_acceptance_came_in(apart, tmp_path):
    pair = apart
    requested(pair, tmp_path)
    for _again in range(3):
        assert "content-key" not in carry(pair, tmp_path, "mx")
    (release,) = pair.mx.releases.all()
    assert release.acceptance is None
    carry(pair, tmp_path, "us")
    assert [each.kind for each in pair.mx.post.waiting()] == ["content-key"]
    assert pair.mx.releases.all()[0].acceptance is not None


def test_what_is_lost_on_the_way_is_carried_again_and_acts_once(apart, tmp_path):
    pair = apart
    asked(pair)
    files = pair.us.courier.export("mx", tmp_path / "lost")
    again = pair.us.courier.export("mx", tmp_path / "again")
    assert [each.read_bytes() for each in files] == [each.read_bytes() for each in again]
    for each in (*files, *again):
        pair.mx.courier.take(each.read_bytes())
    assert kinds(pair.mx, "border-us").count("answered") == 1
    assert [each.kind for each in pair.mx.post.waiting()] == ["match-answer"]


def test_a_match_that_the_other_side_refuses_comes_back_as_refused(apart, tmp_path):
    pair = apart
    pair.mx.agreements.suspend("us-mx-joint-action", "a court looks into it")
    run = asked(pair)
    carry(pair, tmp_path, "us")
    assert carry(pair, tmp_path, "mx") == ["match-refusal", "taken"]
    assert [each.state for each in pair.us.asking.runs() if each.id == run] == ["refused"]


def test_a_letter_that_is_refused_for_good_is_told_back_and_is_an_entry(apart, tmp_path):
    pair = apart
    requested(pair, tmp_path)
    with pair.us.store.transaction() as session:
        session.get(type(pair.us.requests.all()[0]), pair.us.requests.all()[0].id).state = "refused"
    files = pair.mx.courier.export("us", tmp_path / "disk")
    with pytest.raises(ConvenioError):
        pair.us.courier.take(files[0].read_bytes())
    carry(pair, tmp_path, "us")
    assert "release" not in {each.kind for each in pair.mx.post.waiting()}
    assert "undeliverable" in kinds(pair.mx, "border-us")


def test_files_out_of_order_wait_for_what_they_belong_to(apart, tmp_path):
    pair = apart
    requested(pair, tmp_path)
    carry(pair, tmp_path, "mx")
    carry(pair, tmp_path, "us")
    carry(pair, tmp_path, "mx")
    with pair.mx.store.transaction() as session:
        pair.mx.post.write(session, "us", "content-key", {"release": "0" * 32, "key": ""})
    early = pair.mx.courier.export("us", tmp_path / "disk")[-2]
    for _again in range(2):
        with pytest.raises(NotFound):
            pair.us.courier.take(early.read_bytes())


def test_a_file_that_is_damaged_or_for_someone_else_changes_nothing(apart, tmp_path):
    pair = apart
    asked(pair)
    (path,) = pair.us.courier.export("mx", tmp_path / "disk")
    whole = path.read_bytes()
    before = len(entries(pair.mx, "border-us"))
    for bad in (whole[:-40], b"", b"{}", whole.replace(b'"to":"mx"', b'"to":"ca"')):
        with pytest.raises((EnvelopeError, InputError)):
            pair.mx.courier.take(bad)
    with pytest.raises(EnvelopeError):
        pair.us.courier.take(whole)
    assert len(entries(pair.mx, "border-us")) == before
    with pytest.raises(InputError):
        pair.mx.courier.read(tmp_path / "nothing.letter")
    pair.clock.forward(days=30)
    assert pair.mx.courier.take(whole).kind == "match-question"
    pair.clock.forward(days=61)
    with pytest.raises(EnvelopeError):
        pair.mx.courier.take(whole)


def test_a_recall_and_a_correction_pass_as_files_too(apart, tmp_path):
    pair = apart
    requested(pair, tmp_path)
    for whence in ("mx", "us", "mx", "us", "mx"):
        carry(pair, tmp_path, whence)
    copy = pair.us.copies.all()[0].id
    pair.mx.releases.recall(copy, pair.person(MX, "supervisor"), "released in error")
    assert carry(pair, tmp_path, "mx")[0] == "recall"
    with pytest.raises(Refused):
        pair.us.copies.open(copy, pair.person(US, "analyst"), purpose=PURPOSE, case=CASE)
    assert pair.mx.releases.all()[0].state == "recall-pending"
    carry(pair, tmp_path, "us")
    assert pair.mx.releases.all()[0].state == "recalled"


def test_what_needs_a_line_says_so(apart):
    with pytest.raises(Unreachable, match="no line"):
        apart.us.asking.ask(apart.order(), apart.person(US, "analyst"))
    assert apart.us.post.deliver() == 0


def test_the_commands_write_and_take_the_files(apart, tmp_path):
    pair, run = apart, CliRunner().invoke
    pair.clock.at = dt.datetime.now(dt.UTC)
    asked(pair)
    written = run(app, ["export", str(pair.us.settings.home), "mx", str(tmp_path / "disk")])
    assert written.exit_code == 0, written.output
    (path,) = (tmp_path / "disk").glob("*.letter")
    (tmp_path / "disk" / "zz.letter").write_bytes(b"no envelope")
    taken = run(app, ["import", str(pair.mx.settings.home), str(tmp_path / "disk")])
    assert taken.exit_code == 1
    assert "match-question" in taken.output
    again = run(app, ["import", str(pair.mx.settings.home), str(path)])
    assert again.exit_code == 0
    assert [each.kind for each in pair.mx.post.waiting()] == ["match-answer"]
