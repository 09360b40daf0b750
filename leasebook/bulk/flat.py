"""
A tally as bytes, in which it is kept in files and sent between machines.
"""

import json

import numpy as np

from leasebook.bulk.tally import Tally
from leasebook.portfolio.ledger import Ledger

_WIDTH = 8  # bytes of a number


def as_bytes(tally: Tally) -> bytes:
    """
    A line of JSON with names and counts, then keys and amounts of the flows in 64 bits each.

    The same tally gives the same bytes.
    """
    head = {
        "names": tally.flows.names,
        "amounts": len(tally.flows),
        "counts": [[*key, number] for key, number in sorted(tally.counts.items())],
    }
    columns = (tally.flows.key, tally.flows.amount)
    body = b"".join(column.astype("<i8").tobytes() for column in columns)
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + body


def from_bytes(content: bytes) -> Tally:
    """
    The tally that some bytes hold.

    Raises:
        ValueError: If they hold none.
    """
    first, _, body = content.partition(b"\n")
    try:
        head = json.loads(first)
        size = int(head["amounts"]) * _WIDTH
        counts = {(k, n, e, f, c): number for k, n, e, f, c, number in head["counts"]}
        names = tuple(head["names"])
    except (KeyError, TypeError, LookupError) as error:
        raise ValueError(f"no tally: {error}") from None
    if size < 0 or len(body) != 2 * size:
        raise ValueError(f"no tally: {len(body)} bytes where there should be {2 * size}")
    key, amount = (
        np.frombuffer(part, "<i8").astype(np.int64) for part in (body[:size], body[size:])
    )
    return Tally(Ledger(names, key, amount), counts)
