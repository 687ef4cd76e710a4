from __future__ import annotations

import pytest

from convenio.core.errors import Conflict, InputError, Refused

PASSWORD = "correct horse battery"


def add(people, name="ana", roles=("analyst",), **more):
    return people.add(name, PASSWORD, full_name="Ana López", agency="uif", roles=roles, **more)


def test_a_person_signs_in_and_is_known_by_the_session(people):
    add(people)
    person, secret = people.sign_in("ana", PASSWORD)
    assert person.roles == {"analyst"}
    assert people.by_secret(secret) == person
    people.sign_out(secret)
    assert people.by_secret(secret) is None


def test_a_wrong_password_and_an_unknown_name_read_the_same(people):
    add(people)
    with pytest.raises(Refused) as wrong:
        people.sign_in("ana", "not the password")
    with pytest.raises(Refused) as unknown:
        people.sign_in("nobody", PASSWORD)
    assert str(wrong.value) == str(unknown.value)


def test_five_wrong_tries_make_a_pause_that_ends(people, clock):
    add(people)
    for _try in range(5):
        with pytest.raises(Refused):
            people.sign_in("ana", "not the password")
    with pytest.raises(Refused, match="too many"):
        people.sign_in("ana", PASSWORD)
    clock.forward(minutes=6)
    assert people.sign_in("ana", PASSWORD)[0].name == "ana"


def test_a_session_ends_when_idle_and_a_token_when_it_expires(people, clock):
    add(people)
    _person, secret = people.sign_in("ana", PASSWORD)
    token = people.token("ana", ["requests:read"])
    clock.forward(minutes=61)
    assert people.by_secret(secret) is None
    assert people.by_secret(token).scopes == {"requests:read"}
    clock.forward(days=31)
    assert people.by_secret(token) is None


def test_the_table_of_sessions_opens_nothing(people, store):
    add(people)
    _person, secret = people.sign_in("ana", PASSWORD)
    with store.engine.connect() as connection:
        held = connection.exec_driver_sql("select * from sign_in").all()
    assert secret not in repr(held)


@pytest.mark.parametrize(
    "roles", [("analyst", "releasing_officer"), ("administrator", "analyst"), ("auditor", "administrator")]
)
def test_duties_are_kept_apart(people, roles):
    with pytest.raises(Refused, match="one person cannot be"):
        add(people, roles=roles)


def test_a_closed_account_loses_its_sessions_at_once(people):
    add(people)
    _person, secret = people.sign_in("ana", PASSWORD)
    people.close("ana")
    assert people.by_secret(secret) is None
    with pytest.raises(Refused):
        people.sign_in("ana", PASSWORD)


def test_what_does_not_fit_says_what(people):
    add(people)
    with pytest.raises(Conflict, match="taken"):
        add(people)
    with pytest.raises(InputError, match="at least 12"):
        people.add("eva", "short", full_name="Eva", agency="uif", roles=["analyst"])
    with pytest.raises(InputError, match="no agency"):
        people.add("eva", PASSWORD, full_name="Eva", agency="nowhere", roles=["analyst"])
    with pytest.raises(InputError, match="no role"):
        people.add("eva", PASSWORD, full_name="Eva", agency="uif", roles=["king"])
