"""Which schema a capture has: pcap or pcapng, and in which byte order it was written.

The schemas are data: ``captures.json``, with the protocols as groups that both share. Formats: the
Internet-Drafts draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng; protocols: RFC 791, 8200, 9293,
768, 792, 826. ``little`` in that file is the byte order of the capture.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tokenry.domains.records.schema import FORMAT, VERSION, Schema, schema_of
from tokenry.errors import DomainError

NANOSECONDS: Final = 1_000_000_000
_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Capture:
    """A kind of capture files.

    Attributes:
        kind: ``pcap`` or ``pcapng``.
        big: whether numbers of the capture itself are big-endian.
        units: of the fraction of a second.
    """

    kind: str
    big: bool
    units: int


CAPTURES: Final = (
    Capture("pcap", False, _MICROSECONDS),
    Capture("pcap", True, _MICROSECONDS),
    Capture("pcap", False, NANOSECONDS),
    Capture("pcap", True, NANOSECONDS),
    Capture("pcapng", False, _MICROSECONDS),
    Capture("pcapng", True, _MICROSECONDS),
)
_MAGIC: Final = {
    bytes.fromhex("d4c3b2a1"): 0,
    bytes.fromhex("a1b2c3d4"): 1,
    bytes.fromhex("4d3cb2a1"): 2,
    bytes.fromhex("a1b23c4d"): 3,
}
_SECTION: Final = bytes.fromhex("0a0d0d0a")
_BIG_SECTION: Final = bytes.fromhex("1a2b3c4d")


def capture_of(data: bytes) -> int:
    """The number in `CAPTURES` of what a file is.

    Raises:
        DomainError: it is neither pcap nor pcapng.
    """
    if data[:4] in _MAGIC:
        return _MAGIC[data[:4]]
    if data[:4] == _SECTION:
        return 5 if data[8:12] == _BIG_SECTION else 4
    raise DomainError(
        f"no capture: it begins with {data[:4].hex() or 'nothing'}; expected the magic number of "
        "pcap (a1b2c3d4, a1b23c4d) or pcapng (0a0d0d0a)"
    )


@cache
def schema_named(kind: str, big: bool) -> Schema:
    """The schema of captures of that kind and byte order."""
    data = _data()
    own = data[kind]
    groups = {**own["groups"], **data["groups"]}
    order = "big" if big else "little"
    return schema_of(
        {
            "format": FORMAT,
            "version": VERSION,
            "name": "packets",
            "endian": own["endian"],
            "fields": [_in_order(step, order) for step in own["fields"]],
            "groups": {
                name: [_in_order(step, order) for step in steps] for name, steps in groups.items()
            },
        }
    )


@cache
def _data() -> dict[str, Any]:
    found = json.loads(Path(__file__).with_name("captures.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def _in_order(step: Mapping[str, Any], order: str) -> dict[str, Any]:
    return {**step, "endian": order} if step.get("endian") == "little" else dict(step)


@cache
def protocol_marks() -> tuple[str, ...]:
    """Marks of all captures, in one order."""
    schemas = (schema_named(kind, False) for kind in ("pcap", "pcapng"))
    return tuple(dict.fromkeys(mark for schema in schemas for mark in schema.marks()))
