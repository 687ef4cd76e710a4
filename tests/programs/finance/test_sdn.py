"""Reading OFAC's list: what its remarks say, and what a broken file is told."""

import pytest

from convenio.core.errors import InputError
from convenio.programs.finance.schema import BirthDate, Identifier
from convenio.programs.finance.sources.ofac_sdn import curps, read_sdn, read_trio
from convenio.programs.finance.sources.remarks import parse_birth_date, parse_remarks

NULLS = ",".join(["-0- "] * 7)
ROW = (
    f'{{id}},"{{name}}","individual","SDNTK] [TCO",{NULLS},"DOB 02 Jan 1970; POB Lugar, Jalisco, Mexico; nationality '
    "Mexico; Gender Male; C.U.R.P. XEXX700102HJCXXX09 (Mexico); R.F.C. XEXX-700102-AB1 (Mexico); Passport G12345678 "
    "(Mexico) issued 01 Feb 2010 expires 01 Feb 2020; alt. DOB circa 1971; a.k.a. 'EL UNO; EL OTRO'; Linked To: X, S.A.\"\r\n"
)


def listed(*names, end="\x1a"):
    return "".join(ROW.format(id=1000 + at, name=name) for at, name in enumerate(names)) + end


@pytest.fixture
def write(tmp_path):
    def written(text, name="sdn.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return written


def test_remarks_become_fields(write):
    (entry,) = read_sdn(write(listed("UNO DOS, Tres"))).entries
    assert entry.name == "UNO DOS, Tres"
    assert entry.programmes == ("SDNTK", "TCO")
    assert entry.birth_dates == (
        BirthDate("1970-01-02", "1970-01-02"),
        BirthDate("1971-01-01", "1971-12-31", "year", circa=True),
    )
    assert entry.birth_places == ("Lugar, Jalisco, Mexico",)
    assert entry.nationalities == ("Mexico",)
    assert entry.gender == "male"
    assert entry.identifiers == (
        Identifier("curp", "XEXX700102HJCXXX09", "Mexico"),
        Identifier("rfc", "XEXX-700102-AB1", "Mexico"),
        Identifier("passport", "G12345678", "Mexico", "01 Feb 2010", "01 Feb 2020"),
    )
    assert [each.name for each in entry.names[1:]] == ["EL UNO; EL OTRO"]
    assert entry.links == ("X, S.A.",)
    assert entry.statements == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("18 Nov 1976", "1976-11-18"),
        ("Nov 1976", "1976-11"),
        ("1962", "1962"),
        ("circa 1962", "~1962"),
        ("1962 to 1964", "1962-01-01/1964-12-31"),
        ("Feb 1960 to Mar 1960", "1960-02-01/1960-03-31"),
    ],
)
def test_dates_keep_the_precision_they_were_given_with(text, shown):
    assert str(parse_birth_date(text)) == shown


@pytest.mark.parametrize("text", ["31 Feb 1960", "0 Jan 1960", "soon", "18 Nuv 1976", ""])
def test_a_day_that_does_not_exist_is_no_date(text):
    assert parse_birth_date(text) is None


def test_a_statement_that_is_not_understood_is_kept_word_for_word():
    found = parse_remarks("DOB 31 Feb 1960; alt. Something new 17.")
    assert found.statements == ["DOB 31 Feb 1960", "alt. Something new 17"]
    assert found.birth_dates == []


def test_remarks_of_1000_characters_are_noticed_and_their_last_statement_is_not_trusted(write):
    long = "DOB 02 Jan 1970; " + "x" * 960 + "; C.U.R.P. XEXX700"
    text = f'1,"UNO, Dos","individual","SDNTK",{NULLS},"{long[:1000].ljust(1000, "1")}"\r\n\x1a'
    found = read_sdn(write(text))
    (entry,) = found.entries
    assert entry.remarks_cut
    assert entry.identified_by("curp") == ()
    assert any("1,000 characters" in str(each) for each in found.warnings)


def refused(path, **options):
    with pytest.raises(InputError) as raised:
        read_sdn(path, **options)
    return raised.value.explain("en")


def test_a_list_cut_inside_a_row_is_refused(write):
    whole = listed("UNO, A", "DOS, B")
    said = refused(write(whole[: len(whole) - 120]))
    assert "row 2" in said
    assert "cut in the middle" in said
    assert "nothing was imported" in said


def test_a_row_cut_before_its_remarks_is_refused(write):
    whole = listed("UNO, A", "DOS, B")
    assert "columns, not 12" in refused(write(whole[: whole.rindex('"SDNTK')]))


def test_a_long_list_without_the_end_mark_is_refused_unless_it_is_said_to_be_an_extract(write):
    path = write(listed(*[f"UNO {at}, A" for at in range(1000)], end=""))
    assert "without the publisher's end mark" in refused(path)
    assert len(read_sdn(path, partial=True).entries) == 1000


@pytest.mark.parametrize("text", ["", "\r\n", "\x1a", "\ufeff"])
def test_an_empty_list_is_refused(write, text):
    assert "the file is empty" in refused(write(text))


def test_a_list_in_latin_1_is_refused_with_the_row_and_read_when_it_is_said(write):
    path = write(listed("UNO, A", "MUÑOZ, B"), encoding="latin-1")
    said = refused(path)
    assert "row 2 holds the byte 0xD1" in said
    assert "--encoding latin-1" in said
    assert read_sdn(path, encoding="latin-1").entries[1].name == "MUÑOZ, B"


def test_a_list_in_utf_16_is_refused_and_read_when_it_is_said(write):
    path = write(listed("UNO, A"), encoding="utf-16")
    assert "UTF-16" in refused(path)
    assert len(read_sdn(path, encoding="utf-16").entries) == 1


def test_an_encoding_that_does_not_exist_is_refused(write):
    assert "no encoding klingon" in refused(write(listed("UNO, A")), encoding="klingon")


@pytest.mark.parametrize(
    "move",
    [
        lambda row: [row[1], row[0], *row[2:]],
        lambda row: [*row[:2], row[3], row[2], *row[4:]],
        lambda row: [*row[:10], row[11], row[10]],
        lambda row: [row[0], "", *row[2:]],
        lambda row: ["ent_num", *row[1:]],
    ],
)
def test_moved_columns_are_refused_with_row_and_column(write, move):
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows(map(move, csv.reader(io.StringIO(listed("UNO, A", end="")))))
    said = refused(write(out.getvalue()))
    assert "row 1" in said
    assert "column" in said


def test_a_number_that_stands_twice_is_refused(write):
    assert "stands on row 1 already" in refused(write(listed("UNO, A", end="") + listed("DOS, B")))


def test_a_missing_file_is_refused(tmp_path):
    assert "cannot be read" in refused(tmp_path / "none.csv")


def test_all_curps_of_a_real_list_are_read(data):
    found = curps(data / "finance/ofac_sdn/sdn_2022-12-28.csv")
    assert len(found) == len(set(found)) == 352
    assert all(len(each) == 18 for each in found)


def test_aliases_and_addresses_join_their_entries(data):
    trio = read_trio(data / "finance/watchman_2021-07-07")
    first = trio.entries[0]
    assert [each.name for each in first.names] == ["AEROCARIBBEAN AIRLINES", "AERO-CARIBBEAN"]
    assert first.addresses[0].city == "Havana"


def test_an_alias_of_nobody_is_refused(write):
    write(listed("UNO, A"))
    path = write('77,1,"aka","OTRO",-0- \r\n\x1a', "alt.csv")
    write("\r\n1000,1,-0- ,-0- ,-0- ,-0- \r\n", "add.csv")
    with pytest.raises(InputError, match="must be of the same day"):
        read_trio(path.parent)
