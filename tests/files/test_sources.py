"""Sources: declared, pulled from a publisher that fails as publishers do, checked, kept."""

import datetime as dt
import http.server
import threading

import pytest

from convenio.core.errors import ConvenioError, InputError, NotFound, Unreachable
from convenio.files.sources.declaration import Source, read_source, sources
from convenio.files.sources.download import download
from convenio.files.sources.kept import Kept

CONTENT = b"id,name\n" + b"".join(b"%d,name %d\n" % (n, n) for n in range(5000))


class Publisher(http.server.BaseHTTPRequestHandler):
    """Answers as it is told: whole, cut, busy, unchanged."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        server = self.server
        server.asked.append(dict(self.headers))
        act = server.acts.pop(0) if server.acts else "whole"
        if act in {"503", "404", "429"}:
            self.send_response(int(act))
            self.send_header("retry-after", "7")
            self.send_header("content-length", "0")
            self.end_headers()
            return
        if act == "away":
            self.send_response(302)
            self.send_header("location", "http://192.0.2.1/list.csv")
            self.send_header("content-length", "0")
            self.end_headers()
            return
        if self.headers.get("if-none-match") == server.etag:
            self.send_response(304)
            self.end_headers()
            return
        start = 0
        wanted = self.headers.get("range")
        if wanted and self.headers.get("if-range") == server.etag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            self.send_response(206)
        else:
            self.send_response(200)
        body = server.content[start:]
        self.send_header("content-length", str(len(body)))
        self.send_header("etag", server.etag)
        self.end_headers()
        if act == "cut":
            self.wfile.write(body[: len(body) // 3])
            self.close_connection = True
            return
        self.wfile.write(body)

    def log_message(self, *_told):
        pass


@pytest.fixture
def publisher():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    server.acts, server.asked, server.content, server.etag = [], [], CONTENT, '"one"'
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    server.address = f"http://127.0.0.1:{server.server_port}/list.csv"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def declared(address, **more):
    return Source.model_validate(
        {
            "name": "list",
            "publisher": "Nobody",
            "title": {"en": "A list", "es": "Una lista"},
            "licence": "made up",
            "address": address,
            **more,
        }
    )


def no_wait(waited):
    return waited.append


def test_a_busy_publisher_is_asked_again_when_it_says(publisher, tmp_path):
    publisher.acts = ["503", "429"]
    waited = []
    got = download(publisher.address, tmp_path / "p", sleep=no_wait(waited))
    assert (tmp_path / "p").read_bytes() == CONTENT
    assert (got.tries, waited) == (3, [7.0, 7.0])


def test_a_broken_answer_is_gone_on_with_where_it_broke(publisher, tmp_path):
    publisher.acts = ["cut"]
    shares = []
    got = download(publisher.address, tmp_path / "p", sleep=no_wait([]), progress=shares.append)
    assert (tmp_path / "p").read_bytes() == CONTENT
    assert publisher.asked[1]["range"] == f"bytes={got.resumed}-"
    assert 0 < got.resumed < len(CONTENT)
    assert shares[-1] == 1.0


def test_what_changed_between_two_tries_is_fetched_anew(publisher, tmp_path):
    publisher.acts = ["cut"]

    def change(_seconds):
        publisher.content, publisher.etag = CONTENT.replace(b"name", b"nombre"), '"two"'

    download(publisher.address, tmp_path / "p", sleep=change)
    assert (tmp_path / "p").read_bytes() == publisher.content


def test_a_publisher_that_stays_away_is_told_and_nothing_is_lost(publisher, tmp_path):
    kept = Kept(tmp_path)
    first = kept.pull(declared(publisher.address))
    publisher.acts, publisher.etag = ["503"] * 9, '"two"'
    with pytest.raises(Unreachable, match="503"):
        kept.pull(declared(publisher.address), sleep=no_wait([]))
    assert kept.path("list").read_bytes() == CONTENT
    assert kept.state("list") == first.state
    publisher.acts = ["404"]
    with pytest.raises(Unreachable, match="404"):
        kept.pull(declared(publisher.address), sleep=no_wait([]))


@pytest.mark.parametrize("address", ["http://example.org/a.csv", "ftp://example.org/a", "file:///etc/passwd"])
def test_only_https_is_fetched_from(address, tmp_path):
    with pytest.raises(InputError, match="https"):
        download(address, tmp_path / "p")


def test_an_unchanged_source_is_asked_for_and_not_sent(publisher, tmp_path):
    times = iter(dt.datetime(2021, 10, day, tzinfo=dt.UTC) for day in (6, 7, 8))
    kept = Kept(tmp_path, now=lambda: next(times))
    assert kept.pull(declared(publisher.address)).changed
    again = kept.pull(declared(publisher.address))
    assert not again.changed
    assert publisher.asked[1]["if-none-match"] == '"one"'
    assert (again.state.pulled_at[:10], again.state.checked_at[:10]) == ("2021-10-06", "2021-10-07")
    publisher.content, publisher.etag = CONTENT + b"x,y\n", '"two"'
    assert kept.pull(declared(publisher.address)).changed
    assert kept.path("list").read_bytes() == publisher.content


@pytest.mark.parametrize(
    ("assertions", "why"),
    [
        ({"columns": 3}, "2 columns, 3 expected"),
        ({"headings": ["id", "curp"]}, "gone: curp"),
        ({"rows_at_least": 6000}, "5000 rows, at least 6000"),
        ({"rows_at_most": 100}, "at most 100"),
        ({"bytes_at_least": 10_000_000}, "bytes"),
        ({"end_mark": "1a"}, "end mark"),
    ],
)
def test_what_does_not_hold_keeps_the_last_state(publisher, tmp_path, assertions, why):
    kept = Kept(tmp_path)
    kept.pull(declared(publisher.address))
    publisher.etag, publisher.content = '"two"', CONTENT + b" "
    with pytest.raises(InputError, match=why) as told:
        kept.pull(declared(publisher.address, assertions=assertions))
    assert "the last state stays" in str(told.value)
    assert kept.path("list").read_bytes() == CONTENT


def test_a_list_that_shrinks_too_much_is_refused(publisher, tmp_path):
    kept = Kept(tmp_path)
    source = declared(publisher.address, assertions={"shrinks_at_most": 0.1})
    kept.pull(source)
    publisher.etag, publisher.content = '"two"', CONTENT[: len(CONTENT) // 2]
    with pytest.raises(InputError, match="where the last state had 5000"):
        kept.pull(source)


def test_a_damaged_state_is_told_and_fetched_whole(publisher, tmp_path):
    kept = Kept(tmp_path)
    kept.pull(declared(publisher.address))
    kept.path("list").write_bytes(b"other")
    assert kept.damage("list") == ["list.csv"]
    assert kept.pull(declared(publisher.address)).changed
    assert kept.damage("list") == []


def test_a_source_comes_from_a_file_too(tmp_path):
    (tmp_path / "mine.csv").write_bytes(CONTENT)
    kept = Kept(tmp_path / "kept")
    assert kept.pull(declared("https://example.org/list.csv"), given=tmp_path / "mine.csv").state.rows is None
    assert kept.path("list").read_bytes() == CONTENT
    with pytest.raises(NotFound):
        kept.pull(declared("https://example.org/list.csv"), given=tmp_path / "none.csv")


def test_nothing_held_says_how_to_get_it(tmp_path):
    with pytest.raises(NotFound, match="convenio source pull ofac_sdn"):
        Kept(tmp_path).path("ofac_sdn")


@pytest.mark.parametrize("text", ["a: [", "name: x", "name: ../x\npublisher: a", "- 1", ""])
def test_a_declaration_that_does_not_fit_is_refused(tmp_path, text):
    path = tmp_path / "x.yml"
    path.write_text(text)
    with pytest.raises(InputError):
        read_source(path)


def test_a_redirect_away_from_https_is_not_followed_into(publisher, tmp_path):
    publisher.acts = ["away"]
    with pytest.raises(InputError, match="https"):
        download(publisher.address, tmp_path / "p", sleep=no_wait([]))
    assert not (tmp_path / "p").exists()


def test_every_declared_source_of_the_programs_is_readable():
    found = sources()
    assert "ofac_sdn" in found
    for each in found.values():
        assert each.licence
        assert all(address.startswith(("https://", "http://")) for address in each.addresses.values())


def test_a_publisher_without_https_is_fetched_from_and_told_of(publisher, tmp_path, monkeypatch):
    monkeypatch.setattr("convenio.files.sources.download.NEAR", frozenset())
    done = Kept(tmp_path).pull(declared(publisher.address))
    assert "came without https" in str(done.notes[0])
    with pytest.raises(InputError, match="https"):
        Kept(tmp_path / "b").pull(declared("https://example.org/list.csv"), addresses={"list.csv": publisher.address})


def test_a_source_of_several_files_takes_the_main_one_or_a_folder(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(CONTENT + name.encode())
    source = declared("", files={"a.csv": "https://example.org/a.csv", "b.csv": "https://example.org/b.csv"})
    kept = Kept(tmp_path / "kept")
    assert list(kept.pull(source, given=tmp_path / "a.csv").state.files) == ["a.csv"]
    assert list(kept.pull(source, given=tmp_path).state.files) == ["a.csv", "b.csv"]
    assert kept.path("list", "b.csv").read_bytes().endswith(b"b.csv")


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("ofac_sdn", "finance/ofac_sdn/sdn_2021-10-06.csv"),
        ("sat_69b", "finance/sat_69b/*.csv"),
        ("cdc_vsrr", "early_warning/us_overdose/vsrr_state.csv"),
    ],
)
def test_real_lists_pass_what_is_declared_of_them(data, tmp_path, name, file):
    held = sorted(data.glob(file))
    if not held:
        pytest.skip(f"{file} is not in the data folder")
    done = Kept(tmp_path).pull(sources()[name], given=held[-1])
    assert done.state.rows is None or done.state.rows > 5000
    assert Kept(tmp_path).damage(name) == []


def test_a_real_list_comes_over_http_breaks_off_and_arrives_whole(data, publisher, tmp_path):
    held = data / "finance" / "ofac_sdn" / "sdn_2021-10-06.csv"
    if not held.exists():
        pytest.skip(f"{held.name} is not in the data folder")
    publisher.content, publisher.etag, publisher.acts = held.read_bytes(), '"6 October"', ["cut", "503"]
    kept, source = Kept(tmp_path), sources()["ofac_sdn"]
    mirror = {next(iter(source.addresses)): publisher.address}
    done = kept.pull(source, addresses=mirror, sleep=no_wait([]))
    assert kept.path("ofac_sdn").read_bytes() == publisher.content
    assert done.state.rows is None or done.state.rows > 5000
    assert not kept.pull(source, addresses=mirror).changed
    publisher.content, publisher.etag = publisher.content[: len(publisher.content) // 2], '"cut"'
    with pytest.raises(InputError):
        kept.pull(source, addresses=mirror)
    assert kept.path("ofac_sdn").read_bytes() == held.read_bytes()


def test_a_disk_that_takes_nothing_more_is_told(publisher, tmp_path, monkeypatch):
    def full(*_given, **_named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("convenio.files.sources.download._take", full)
    with pytest.raises(ConvenioError, match="No space left"):
        Kept(tmp_path).pull(declared(publisher.address))
