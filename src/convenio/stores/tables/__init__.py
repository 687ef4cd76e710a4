"""The operational tables, one file per room that uses them."""

from convenio.stores.tables.custody import (
    Consent,
    Correction,
    Dataset,
    DerivedThing,
    Mark,
    OnwardConsent,
    ReceivedCopy,
    SupersededCopy,
    Tombstone,
)
from convenio.stores.tables.exchange import (
    Agreement,
    Approval,
    Budget,
    InboxMessage,
    MatchRun,
    MatchSnapshot,
    OutboxMessage,
    Peer,
    Receipt,
    Release,
    Request,
)
from convenio.stores.tables.ledger import Intent
from convenio.stores.tables.people import Account, Agency, Credential, SignIn
from convenio.stores.tables.standing import StandingBatch, StandingGiven, StandingOrder

__all__ = [
    "Account",
    "Agency",
    "Agreement",
    "Approval",
    "Budget",
    "Consent",
    "Correction",
    "Credential",
    "Dataset",
    "DerivedThing",
    "InboxMessage",
    "Intent",
    "Mark",
    "MatchRun",
    "MatchSnapshot",
    "OnwardConsent",
    "OutboxMessage",
    "Peer",
    "Receipt",
    "ReceivedCopy",
    "Release",
    "Request",
    "SignIn",
    "StandingBatch",
    "StandingGiven",
    "StandingOrder",
    "SupersededCopy",
    "Tombstone",
]
