"""Enrolling a person's own key from the browser: a security key or passkey, or the public half of a key file."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from convenio.core.canonical import b64
from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.people.accounts import Person
from convenio.people.credentials import Credential, Credentials


def enrol_security_key(
    credentials: Credentials, person: Person, *, response: str, challenge: bytes, host: str, origin: str, label: str
) -> Credential:
    """Enrol what the browser's authenticator returned.

    Args:
        credentials: the node's credentials.
        person: whose key it is.
        response: the registration response as JSON (WebAuthn level 3, 5.1).
        challenge: the challenge that was given.
        host: the relying party: the host name of the page.
        origin: the page's origin.
        label: what the person calls the key.

    Raises:
        InputError: the response does not fit the challenge, or the key is of a kind that is not taken here.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url, decode_credential_public_key
    from webauthn.helpers.cose import COSEAlgorithmIdentifier
    from webauthn.helpers.decoded_public_key_to_cryptography import decoded_public_key_to_cryptography
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        checked = verify_registration_response(
            credential=response,
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256],
        )
        key: Any = decoded_public_key_to_cryptography(decode_credential_public_key(checked.credential_public_key))
    except (WebAuthnException, ValueError, KeyError) as error:
        raise InputError(
            _("the key's answer does not fit: {why}", why=str(error)),
            advice=_("open the page again and touch the key when the browser asks for it"),
            kept=_("no key was enrolled"),
        ) from error
    return credentials.enrol(
        person,
        kind="webauthn",
        public=b64(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
        details={"credential_id": bytes_to_base64url(checked.credential_id), "label": label, "host": host},
    )
