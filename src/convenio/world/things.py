"""Made-up things that people and companies have and move: telephones, vehicles, shipments in containers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from convenio.entities.identifiers import container as container_kind
from convenio.entities.identifiers import vin as vin_kind
from convenio.world import letters as made
from convenio.world.companies import named
from convenio.world.contact import Ints, ascii_rows, numbered
from convenio.world.draw import Draw

PHONES = pa.schema(
    [
        pa.field("phone", pa.string(), nullable=False),
        pa.field("holder_id", pa.string(), nullable=False),
        pa.field("since", pa.date32(), nullable=False),
    ]
)
VEHICLES = pa.schema(
    [
        pa.field("vehicle_id", pa.string(), nullable=False),
        pa.field("vin", pa.string(), nullable=False),
        pa.field("maker", pa.string(), nullable=False),
        pa.field("plate", pa.string(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("holder_id", pa.string(), nullable=False),
        pa.field("registered_on", pa.date32(), nullable=False),
    ]
)
SHIPMENTS = pa.schema(
    [
        pa.field("shipment_id", pa.string(), nullable=False),
        pa.field("date", pa.date32(), nullable=False),
        pa.field("exporter_id", pa.string(), nullable=False),
        pa.field("importer_id", pa.string(), nullable=False),
        pa.field("container", pa.string(), nullable=False),
        pa.field("hs6", pa.string(), nullable=False),
        pa.field("port", pa.string(), nullable=False),
        pa.field("net_kg", pa.int64(), nullable=False),
        pa.field("value_usd", pa.int64(), nullable=False),
    ]
)
"""`hs6` by the Harmonized System 2022; `port` by UN/LOCODE."""

MAKERS = ("Papalote Motors", "Automotriz Nopal", "Lantern Trucks", "Jacaranda Motor")
"""Makers that do not exist."""

GOODS = {
    "080440": (2, 30),
    "070200": (1, 25),
    "847130": (310, 8),
    "870899": (9, 20),
    "220300": (1, 22),
    "392690": (6, 15),
    "854442": (14, 10),
    "610910": (18, 8),
    "940360": (5, 12),
    "381400": (3, 6),
}
"""By HS code: usual dollars per kilogram, and how often."""

PORTS = ("MXZLO", "MXLZC", "MXVER", "MXNLD", "MXTIJ", "USLRD", "USSAN", "USLGB", "USHOU", "USELP")


def telephones(draw: Draw, people: pa.Table) -> pa.Table:
    """Every person's telephone by `PHONES`."""
    since = np.datetime64("2012-01-01") + draw.below(3500, people.num_rows, "telephone since")
    return pa.Table.from_arrays([people.column("phone"), people.column("person_id"), pa.array(since)], schema=PHONES)


def vehicles(draw: Draw, people: pa.Table) -> pa.Table:
    """A vehicle for one person in three, by `VEHICLES`."""
    at = np.flatnonzero(draw.happens(330, people.num_rows, "has a vehicle"))
    size = len(at)
    maker = draw.chosen((40, 30, 20, 10), size, "maker")
    plate = np.concatenate([ascii_rows("Z0", size), made.digits(np.arange(size), 6)], axis=1)
    columns = [
        numbered("V", size),
        made.texts(vins(np.arange(size), maker, draw.below(10, size, "model year"))),
        pa.array(MAKERS).take(pa.array(maker)),
        made.texts(plate),
        people.column("country").take(pa.array(at)),
        people.column("person_id").take(pa.array(at)),
        pa.array(np.datetime64("2015-01-01") + draw.below(2400, size, "registered")),
    ]
    return pa.Table.from_arrays(columns, schema=VEHICLES)


def vins(serials: Ints, maker: Ints, year: Ints) -> made.Bytes:
    """Synthetic VINs, shape (serials, 17), no two alike for serials below 10**6 of one maker and year."""
    years = np.frombuffer(b"CDEFGHJKLM", dtype=np.uint8)[year]
    plants = np.frombuffer(b"ABCDEFGHJK", dtype=np.uint8)[serials // 10**6 % 10]
    first = np.concatenate([ascii_rows(vin_kind.RESERVED, len(serials)), made.digits(maker + 1, 1)], axis=1)
    rest = np.stack([years, plants], axis=1)
    blank = ascii_rows("CNVEX", len(serials))
    whole = np.concatenate([first, blank, ascii_rows("0", len(serials)), rest, made.digits(serials % 10**6, 6)], axis=1)
    values = {char: int(value) for char, value in vin_kind.VALUES.items()}
    table = np.array([values.get(chr(code), 0) for code in range(256)], dtype=np.int64)
    check = table[whole] @ np.array(vin_kind.WEIGHTS) % 11
    whole[:, 8] = np.frombuffer(b"0123456789X", dtype=np.uint8)[check]
    return whole


def shipments(draw: Draw, firms: pa.Table, size: int) -> pa.Table:
    """`size` shipments between companies by `SHIPMENTS`, in order of date; none to oneself."""
    many = max(firms.num_rows, 1)
    exporter = draw.below(many, size, "exporter")
    importer = (exporter + 1 + draw.below(max(many - 1, 1), size, "importer")) % many
    goods = tuple(GOODS)
    kind = draw.chosen([often for _price, often in GOODS.values()], size, "goods")
    weight = 900 + draw.below(22_000, size, "net weight")
    price = np.array([price for price, _often in GOODS.values()])[kind]
    value = weight * price * (700 + draw.below(650, size, "price")) // 1000
    days = np.sort(draw.below(365, size, "shipment day"))
    columns = [
        numbered("S", size),
        pa.array(np.datetime64("2020-10-01") + days),
        named("C", exporter),
        named("C", importer),
        made.texts(containers(draw.below(max(size * 7 // 10, 1), size, "container"))),
        pa.array(goods).take(pa.array(kind)),
        pa.array(PORTS).take(pa.array(draw.below(len(PORTS), size, "port"))),
        pa.array(weight),
        pa.array(value),
    ]
    return pa.Table.from_arrays(columns, schema=SHIPMENTS)


def containers(serials: Ints) -> made.Bytes:
    """Synthetic container numbers, shape (serials, 11), no two alike for serials below 10**6."""
    first = np.concatenate(
        [ascii_rows(container_kind.RESERVED + "U", len(serials)), made.digits(serials % 10**6, 6)], axis=1
    )
    letter = {char: 10 + at + (at + 9) // 10 for at, char in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    letter |= {str(digit): digit for digit in range(10)}
    table = np.array([letter.get(chr(code), 0) for code in range(256)], dtype=np.int64)
    check = table[first] @ (1 << np.arange(10)) % 11 % 10
    return np.concatenate([first, made.digits(check, 1)], axis=1)
