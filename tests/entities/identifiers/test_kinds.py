"""What holds for every kind of identifier, and a good and a bad value of each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, imei, iso6346, lei
from stdnum.mx import curp, rfc

from convenio.core.errors import InputError, NotFound
from convenio.core.words import speaking
from convenio.entities.identifiers import NAMES, kind, kinds
from convenio.entities.identifiers.crypto_address import base58check, checksummed
from convenio.entities.identifiers.keccak import keccak_256

GOOD = [
    ("clabe", "032 180 00011835971 9", "032180000118359719"),
    ("container", "CSQU 305438-3", "CSQU3054383"),
    ("crypto_address", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    ("curp", "moal920413mvzlrzx2", "MOAL920413MVZLRZX2"),
    ("ein", "EIN: 04-2103594", "042103594"),
    ("firearm_serial", "Serial ab-123 456", "AB123456"),
    ("iban", "GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
    ("imei", "35-686800-004141-8", "356868000041418"),
    ("lei", "213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D15"),
    ("passport", "G12345678 (Mexico)", "MEX:G12345678"),
    ("phone", "+52 1 (55) 1234-5678", "+525512345678"),
    ("phone", "00 1 212 456 7890", "+12124567890"),
    ("rfc", "MOAL-920413-Z11", "MOAL920413Z11"),
    ("vin", "1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
]

BAD = [
    ("clabe", "032180000118359710", "the check digit is 0, and 9 by the other characters"),
    ("clabe", "32180000118359719", "a leading zero was lost"),
    ("container", "CSQU3054384", "the check digit is 4, and 3 by the other characters"),
    ("container", "CSQU305438", "the check digit is missing"),
    ("container", "CSQX3054383", "cannot stand in the category"),
    ("crypto_address", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "the checksum does not fit"),
    ("crypto_address", "bc1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "may not be mixed"),
    ("crypto_address", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed", "the capitals, which are its checksum"),
    ("crypto_address", "hello", "the form of no chain"),
    ("curp", "MOAL920413MVZLRZX3", "the check digit is 3, and 2 by the other characters"),
    ("curp", "MOAL920231MVZLRZX2", "the birth date 31-02-92 does not exist"),
    ("curp", "MOAL920413MZZLRZX2", "ZZ is no state of birth"),
    ("ein", "07-1234567", "no office gives out numbers with 07"),
    ("ein", "12-34567", "a EIN has 9 characters, this has 7"),
    ("ein", "42103594", "a leading zero was lost"),
    ("firearm_serial", "OBLITERATED", "there is no legible serial number"),
    ("firearm_serial", "SIN MATRÍCULA", "there is no legible serial number"),
    ("iban", "GB82WEST12345698765433", "the check digits are 82"),
    ("iban", "MX82WEST12345698765432", "MX is no country with IBANs"),
    ("iban", "", "there is nothing here"),
    ("imei", "356868000041417", "the check digit is 7, and 8 by the other characters"),
    ("lei", "213800KUD8LAJWSQ9D16", "the check digits are 16, and 15"),
    ("passport", "ABCDEFG", "holds digits"),
    ("phone", "55 1234 5678", "the country code is missing"),
    ("phone", "+52 55 1234", "after +52 come ten digits, here 6"),
    ("phone", "+1 212 123 4567", "area code and exchange begin with 2 to 9"),
    ("phone", "+999 1234567", "no country has the code 999"),
    ("phone", "+52 55 1234 567B", "cannot stand in telephone number"),
    ("rfc", "XXXXXXXXXXXX", "made unreadable by its publisher"),
    ("rfc", "MOAL921331Z11", "the date 31-13-92 does not exist"),
    ("vin", "1M8GDM9A0KP042788", "the check digit is 0, and X by the other characters"),
    ("vin", "1M8GDM9AXKPO42788", "“O” cannot stand in a VIN"),
]


@pytest.mark.parametrize(("name", "text", "clean"), GOOD)
def test_good_values_come_out_clean(name, text, clean):
    found = kind(name)
    assert found.clean(text) == clean
    assert found.clean(clean) == clean
    assert found.match_key(clean)
    assert "".join(found.parts(clean).values())


@pytest.mark.parametrize(("name", "text", "why"), BAD)
def test_bad_values_are_explained_in_both_languages(name, text, why):
    with pytest.raises(InputError) as caught:
        kind(name).clean(text)
    assert why in caught.value.explain("en")
    assert caught.value.explain("es") != caught.value.explain("en")
    assert any(why in each.in_language("en") for each in kind(name).explain(text))


def test_a_fault_is_told_at_its_character():
    assert "character 13" in str(kind("vin").explain("1M8 GDM9AXKPO42788")[0])
    with speaking("es"):
        assert "carácter 13" in str(kind("vin").explain("1M8 GDM9AXKPO42788")[0])


@pytest.mark.parametrize("name", NAMES)
@given(text=st.one_of(st.text(max_size=60), st.from_regex(r"\A[A-Z0-9+:#(). -]{0,24}\Z")))
def test_no_text_breaks_a_kind(name, text):
    found = kind(name)
    explained = found.explain(text)
    try:
        clean = found.clean(text)
    except InputError:
        assert explained
        return
    assert found.clean(clean) == clean
    assert found.parts(clean)
    assert found.is_synthetic(clean) in (True, False)


@given(st.text(alphabet="0123456789", min_size=17, max_size=17), st.integers(0, 17), st.integers(1, 9))
def test_clabe_tells_every_single_mistyped_digit(first, at, by):
    from convenio.entities.identifiers.clabe import check_digit

    whole = first + check_digit(first)
    wrong = whole[:at] + str((int(whole[at]) + by) % 10) + whole[at + 1 :]
    assert kind("clabe").clean(whole) == whole
    with pytest.raises(InputError):
        kind("clabe").clean(wrong)


@given(st.from_regex(r"\A[A-Z]{3}U[0-9]{6}\Z"))
def test_container_check_digits_are_the_ones_python_stdnum_computes(first):
    whole = first + iso6346.calc_check_digit(first)
    assert kind("container").clean(whole) == iso6346.validate(whole)


@pytest.mark.parametrize(
    ("name", "peer", "text"),
    [
        ("iban", iban, "GB82 WEST 1234 5698 7654 32"),
        ("imei", imei, "35686800-004141-8"),
        ("lei", lei, "213800KUD8LAJWSQ9D15"),
        ("curp", curp, "BOXW310820HNERXN09"),
        ("rfc", rfc, "GODE561231GR8"),
    ],
)
def test_python_stdnum_agrees(name, peer, text):
    assert kind(name).validate(text) == peer.validate(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rfc", "XAXX010101000"),
        ("ein", "00-0000000"),
        ("imei", "00000000000000"),
        ("clabe", "0" * 18),
        ("crypto_address", "0x" + "0" * 40),
    ],
)
def test_a_value_that_stands_for_many_gives_no_key(name, value):
    found = kind(name)
    with pytest.raises(InputError, match="names no one"):
        found.match_key(found.clean(value))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("container", "XXXU000001"),
        ("crypto_address", "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"),
        ("firearm_serial", "CONVENIO-000123"),
        ("iban", "XX00" + "0" * 20),
        ("imei", "00000000000123"),
        ("phone", "+12125550123"),
        ("phone", "+521123456789"),
    ],
)
def test_reserved_ranges_are_known_as_made_up(name, value):
    from convenio.entities.identifiers.iban import check_digits

    if name == "container":
        value += iso6346.calc_check_digit(value)
    if name == "iban":
        value = "XX" + check_digits(value) + value[4:]
    assert kind(name).is_synthetic(kind(name).clean(value))


@pytest.mark.parametrize(("name", "_text", "value"), [each for each in GOOD if each[0] not in ("curp", "rfc")])
def test_real_ranges_are_not_taken_for_made_up(name, _text, value):
    assert not kind(name).is_synthetic(value)


def test_national_numbers_need_their_country():
    phone = kind("phone")
    assert phone.in_country("55 1234 5678", "MX") == "+525512345678"
    assert phone.in_country("044 55 1234 5678", "MX") == "+525512345678"
    assert phone.in_country("1 (212) 456-7890", "US") == "+12124567890"


def test_look_alikes_of_a_worn_serial_meet():
    serial = kind("firearm_serial")
    assert serial.match_key("OQ1L23") == serial.match_key("001123") != serial.match_key("001124")


def test_a_device_without_its_check_digit_meets_the_whole_number():
    assert kind("imei").match_key("35686800004141") == kind("imei").match_key("356868000041418")


@pytest.mark.parametrize(
    "address",
    [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ],
)
def test_the_addresses_of_eip_55_are_written_as_it_writes_them(address):
    assert checksummed(address[2:].lower()) == address
    assert kind("crypto_address").clean(address.lower()) == address


def test_keccak_of_nothing_and_across_a_block():
    assert keccak_256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert len({keccak_256(b"a" * size) for size in (135, 136, 137)}) == 3


@pytest.mark.parametrize(
    ("version", "chain"), [(0, "bitcoin"), (0x41, "tron"), (0x30, "litecoin"), (0x6F, "bitcoin-test")]
)
@given(payload=st.binary(min_size=20, max_size=20))
def test_base58_addresses_are_read_back(version, chain, payload):
    address = base58check(version, payload)
    assert kind("crypto_address").parts(kind("crypto_address").clean(address)) == {
        "chain": chain,
        "payload": payload.hex(),
    }


def test_every_kind_is_there_and_an_unknown_one_is_named():
    assert set(kinds()) == set(NAMES)
    with pytest.raises(NotFound, match="no kind of identifier called shoe"):
        kind("shoe")
