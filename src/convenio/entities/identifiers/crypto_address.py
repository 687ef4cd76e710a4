"""Addresses of crypto assets: Bitcoin, Litecoin and Dogecoin (Base58Check, Bech32, Bech32m), Tron, Ethereum.

Ethereum's addresses serve every chain that took over its form. Sources: Bitcoin's BIP 13, 141, 173 and 350; SLIP-0173;
Ethereum's EIP-55 (capitals are its checksum; an address in one case has none).

*Synthetic* values: Bitcoin's test network, whose coins have no worth; for Ethereum and Tron eight zero bytes at the
start, which nobody can find a key for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from convenio.core.words import Message, _
from convenio.entities.identifiers import identifier as base
from convenio.entities.identifiers.keccak import keccak_256

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
VERSIONS = {
    0x00: "bitcoin",
    0x05: "bitcoin",
    0x6F: "bitcoin-test",
    0xC4: "bitcoin-test",
    0x1E: "dogecoin",
    0x16: "dogecoin",
    0x30: "litecoin",
    0x32: "litecoin",
    0x41: "tron",
}
PREFIXES = {"bc": "bitcoin", "tb": "bitcoin-test", "ltc": "litecoin"}
_BECH32M = 0x2BC830A3
_SEGWIT = re.compile(r"(bc|tb|ltc)1[02-9ac-hj-np-z]{11,87}", re.IGNORECASE)
_ETHEREUM = re.compile(r"0[xX][0-9a-fA-F]{40}")


@dataclass(frozen=True)
class _Read:
    chain: str = ""
    payload: bytes = b""
    fault: Message | None = None
    advisory: bool = False


class CryptoAddress(base.Identifier):
    """The kind `crypto_address`; clean values keep their letters' case but for Bech32 (lower) and Ethereum (EIP-55)."""

    name = "crypto_address"
    title = _("crypto address")
    separators = " "
    upper = False
    labels = ("bitcoin:", "ethereum:", "litecoin:", "tron:", "XBT", "BTC:", "ETH:", "USDT:")

    def faults(self, value: str) -> Iterator[base.Fault]:
        """Nothing there, an unknown form, a checksum that does not fit; advisory: an Ethereum address in one case."""
        yield from base.empty(value)
        if not value:
            return
        read = _read(value)
        if read.fault is not None:
            yield base.Fault(read.fault, advice=_("copy it anew: one wrong character makes it invalid"))
        elif read.advisory:
            yield base.Fault(
                _("letters in one case carry no checksum: a mistyped one cannot be told"), at=2, advisory=True
            )

    def canonical(self, value: str) -> str:
        """Bech32 in lower case, Ethereum with its checksum in capitals, others as they are."""
        if _ETHEREUM.fullmatch(value):
            return checksummed(value[2:].lower())
        return value.lower() if _SEGWIT.fullmatch(value) else value

    def parts(self, value: str) -> dict[str, str]:
        """`chain` and `payload` (the hash or key that the address stands for, in hexadecimal)."""
        read = _read(value)
        return {"chain": read.chain, "payload": read.payload.hex()}

    def is_synthetic(self, value: str) -> bool:
        """Whether it belongs to a test network or begins with eight zero bytes."""
        read = _read(value)
        return read.chain == "bitcoin-test" or (
            read.chain in ("ethereum", "tron") and read.payload[:8] == bytes(8) and any(read.payload)
        )

    def is_generic(self, value: str) -> bool:
        """Whether it is the zero address, where coins are burnt."""
        return not any(_read(value).payload)


def checksummed(digits: str) -> str:
    """An Ethereum address from forty lower-case hexadecimal digits, with the capitals of EIP-55."""
    marks = keccak_256(digits.encode()).hex()
    return "0x" + "".join(c.upper() if int(mark, 16) > 7 else c for c, mark in zip(digits, marks, strict=False))


def base58check(version: int, payload: bytes) -> str:
    """The Base58Check form of a payload."""
    whole = bytes([version]) + payload
    whole += _twice(whole)
    number, text = int.from_bytes(whole, "big"), ""
    while number:
        number, at = divmod(number, 58)
        text = BASE58[at] + text
    return "1" * (len(whole) - len(whole.lstrip(b"\0"))) + text


def _read(value: str) -> _Read:
    if _ETHEREUM.fullmatch(value):
        digits = value[2:]
        one_case = digits in (digits.lower(), digits.upper())
        if not one_case and checksummed(digits.lower())[2:] != digits:
            return _Read(fault=_("the capitals, which are its checksum, do not fit"))
        return _Read("ethereum", bytes.fromhex(digits), advisory=one_case and not digits.isdigit())
    if _SEGWIT.fullmatch(value):
        return _segwit(value)
    if 25 < len(value) < 36 and set(value) <= set(BASE58):
        return _base58(value)
    return _Read(fault=_("it has the form of no chain that is known here"))


def _base58(value: str) -> _Read:
    from stdnum.bitcoin import b58decode

    whole = b58decode(value)
    if len(whole) != 25 or _twice(whole[:-4]) != whole[-4:]:
        return _Read(fault=_("the checksum does not fit"))
    if whole[0] not in VERSIONS:
        return _Read(fault=_("it has the form of no chain that is known here"))
    return _Read(VERSIONS[whole[0]], whole[1:-4])


def _segwit(value: str) -> _Read:
    from stdnum import bitcoin
    from stdnum.exceptions import ValidationError

    if value not in (value.lower(), value.upper()):
        return _Read(fault=_("capitals and small letters may not be mixed in this form"))
    prefix, _one, data = value.lower().rpartition("1")
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    numbers = [alphabet.index(char) for char in data]
    spread = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    if bitcoin.bech32_checksum(spread + numbers) != (_BECH32M if numbers[0] else 1):
        return _Read(fault=_("the checksum does not fit"))
    try:
        payload = bitcoin.b32decode(numbers[1:-6])
    except ValidationError:
        payload = b""
    wanted = (20, 32) if numbers[0] == 0 else range(2, 41)
    if numbers[0] > 16 or len(payload) not in wanted:
        return _Read(fault=_("it has another length than this form allows"))
    return _Read(PREFIXES[prefix], payload)


def _twice(whole: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(whole).digest()).digest()[:4]


KIND = CryptoAddress()
