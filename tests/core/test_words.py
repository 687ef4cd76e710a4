from convenio.core.words import _, _n, speaking


def test_a_message_is_put_into_words_when_it_is_read():
    message = _("the programs are {names}", names="a, b")
    assert str(message) == "the programs are a, b"


def test_a_number_chooses_the_plural():
    assert str(_n("{number} row", "{number} rows", 1)) == "1 row"
    assert str(_n("{number} row", "{number} rows", 3)) == "3 rows"


def test_speaking_ends_with_its_block():
    with speaking("es"):
        pass
    assert str(_("kept")) == "kept"
