"""Packets: captures by the schemas of protocols, flow by flow, in bursts.

Source: Guthula et al. 2023, "netFound", arXiv:2310.17025: header fields as tokens, addresses and
the like out of sight, direction and times beside the ids. There payloads are dropped and flows cut
to a size; here nothing is lost unless ``drop`` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar, Final, Literal

import numpy as np

from tokenry import _native
from tokenry.domains.contract import Domain, Promise
from tokenry.domains.packets.captures import (
    CAPTURES,
    Capture,
    capture_of,
    protocol_marks,
    schema_named,
)
from tokenry.domains.packets.flows import Flows, PacketFields, flows_of
from tokenry.domains.packets.segments import in_order, run_in_order
from tokenry.domains.parsed import Parsed
from tokenry.domains.records.domain import parsed_of
from tokenry.domains.records.fields import FieldReader, Stretches
from tokenry.domains.records.program import FieldRole
from tokenry.domains.residue import Array, pack_arrays, unpack_arrays
from tokenry.errors import DomainError
from tokenry.options import Natural

FLOW, BURST = 0, 1
_OWN: Final = ("flow", "burst", "broken")


@dataclass(frozen=True, kw_only=True)
class Packets(Domain):
    """Captures of packets, pcap and pcapng.

    Attributes:
        order: ``flow``: packets of a flow stand together; ``file``: as they were captured.
        pause: microseconds without a packet that end a burst.
        keep: fields of ``captures.json`` that stand in the ids, beside those that do anyhow.
        side: fields that stand aside.
        drop: fields that are dropped; zeros come back.
    """

    name: ClassVar[str] = "packets"
    suffixes: ClassVar[tuple[str, ...]] = (".pcap", ".pcapng", ".cap")
    learning: ClassVar[Mapping[str, Any]] = {"max_piece_length": 16}
    promise: ClassVar[Promise] = Promise(
        lossless="pcap and pcapng of any link type and protocol, also where they are cut off",
        dropped="nothing; fields that drop= names, such as payload",
        ids="marks of flows, bursts, packets and protocols; pieces are of one field; addresses, "
        "checksums, sequence numbers, times and lengths of the capture stand aside, direction, "
        "gap and size are channels; unknown link types are bytes behind a mark",
    )

    order: Literal["flow", "file"] = "flow"
    pause: Natural = 10_000
    keep: tuple[str, ...] = ()
    side: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    def validate(self) -> None:
        """Refuse fields that no capture has, and drops that make a capture unreadable."""
        known = {
            step.name for kind in ("pcap", "pcapng") for step in schema_named(kind, False).steps()
        }
        for name in (*self.keep, *self.side, *self.drop):
            if name not in known:
                raise DomainError(f"no field is named {name!r}; captures.json has them all")
        for number in range(len(CAPTURES)):
            self.reader(number)

    @property
    def marks(self) -> tuple[str, ...]:
        """Of flows and bursts, of what is no field, and of protocols."""
        return (*_OWN, *protocol_marks())

    @property
    def lossless(self) -> bool:
        """Whether no field is dropped."""
        return not self.drop

    def recognises(self, data: bytes) -> bool:
        """Whether it begins with a magic number of captures."""
        try:
            capture_of(data)
        except DomainError:
            return False
        return True

    def reader(self, number: int) -> FieldReader:
        """What reads captures of that number in `CAPTURES`."""
        return _reader(CAPTURES[number], self.keep, self.side, self.drop)

    def read(self, data: bytes) -> Parsed:
        """Flows of packets of fields.

        Raises:
            DomainError: it is no capture.
        """
        number = capture_of(data)
        reader, units = self.reader(number), CAPTURES[number].units
        stretches = reader.read(data)
        parsed = self._renumbered(parsed_of(reader, data, stretches, b""), reader)
        fields = PacketFields(reader, data, stretches, packets_of(reader, stretches))
        big = CAPTURES[number].big
        time = fields.number("seconds", big=big) * units + fields.number("fraction", big=big)
        flows = flows_of(fields, time, self.pause * (units // 1_000_000))
        layout = {"size": [len(data), number], **self._layout(flows)}
        residue = pack_arrays(layout, stretches.aside)
        parsed = _with_channels(parsed, self.mark("packet"), flows, fields, big, units)
        return self._grouped(parsed, flows, residue)

    def _layout(self, flows: Flows) -> dict[str, Array]:
        """The flow of each packet, where packets are not in the order of the file."""
        return {"flow": flows.flow} if self.order == "flow" and flows.flow.any() else {}

    def _renumbered(self, parsed: Parsed, reader: FieldReader) -> Parsed:
        """With marks as this domain numbers them, which are the same for all captures."""
        names = ("broken", *reader.schema.marks())
        table = np.array([self.mark(name) for name in names], np.uint16)
        return replace(parsed, marks=table[parsed.marks])

    def _grouped(self, parsed: Parsed, flows: Flows, residue: bytes) -> Parsed:
        """Packets in flows and bursts, with marks of both."""
        packet = self.mark("packet")
        if self.order == "file":
            return replace(parsed, residue=residue)
        order = flows.order()
        parsed = in_order(parsed, packet, order)
        flow = flows.flow[order]
        is_first = np.diff(flow, prepend=-1) != 0
        burst = np.asarray(flows.begins_burst[order])
        at = np.flatnonzero(parsed.marks == packet)
        before = np.concatenate([at[is_first], at[burst]])
        kinds = np.concatenate([np.full(is_first.sum(), FLOW), np.full(burst.sum(), BURST)])
        sorted_ = np.argsort(before, kind="stable")
        before, kinds = before[sorted_], kinds[sorted_].astype(np.uint16)
        return replace(
            parsed,
            marks=np.insert(parsed.marks, before, kinds),
            places=np.insert(parsed.places, before, parsed.places[before]),
            residue=residue,
        )

    def write(self, parsed: Parsed) -> bytes:
        """The capture again.

        Raises:
            DomainError: what stands aside is not there, or of another capture.
        """
        arrays, aside = unpack_arrays(parsed.residue)
        size = arrays.get("size", np.zeros(0, np.int64)).tolist()
        if len(size) != 2 or not 0 <= size[1] < len(CAPTURES):
            raise DomainError("a capture needs what stands aside: addresses, times and lengths")
        run = parsed.run
        if "flow" in arrays:
            packet = parsed.places[parsed.marks == self.mark("packet")].astype(np.int64)
            order = np.argsort(arrays["flow"], kind="stable")
            run = run_in_order(run, packet, np.argsort(order))
        return self.reader(size[1]).write(run, aside, size[0])


def _with_channels(
    parsed: Parsed, packet: int, flows: Flows, fields: PacketFields, big: bool, units: int
) -> Parsed:
    """With what netFound embeds beside the ids: direction, gap in microseconds, size, protocol."""
    places = parsed.places[parsed.marks == packet].astype(np.int64)
    number = _native.ranks_of(parsed.cuts.view(np.int64), places, or_equal=True) - 1
    gap = flows.gap // (units // 1_000_000)
    by_packet = {
        "direction": flows.direction,
        "gap": gap,
        "size": fields.number("size", big=big),
        "protocol": fields.number("protocol"),
    }
    found = {name: np.append(values, 0)[number] for name, values in by_packet.items()}
    return replace(parsed, channels={**parsed.channels, **found})


def packets_of(reader: FieldReader, stretches: Stretches) -> Array:
    """The stretch with which each packet begins."""
    number = 1 + reader.schema.marks().index("packet")
    labels = np.flatnonzero(reader.program.marks == number)
    return np.flatnonzero(np.isin(stretches.labels, labels)).astype(np.int64)


@cache
def _reader(
    capture: Capture, keep: tuple[str, ...], side: tuple[str, ...], drop: tuple[str, ...]
) -> FieldReader:
    schema = schema_named(capture.kind, capture.big)
    given = {FieldRole.KEEP: keep, FieldRole.SIDE: side, FieldRole.DROP: drop}
    return FieldReader(schema, {name: role for role, names in given.items() for name in names})
