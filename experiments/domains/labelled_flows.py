"""Flows of the captures with the protocol that a deep inspection of packets found for each."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tokenry.domains.packets.captures import CAPTURES, capture_of
from tokenry.domains.packets.domain import Packets, packets_of
from tokenry.domains.packets.flows import Flows, PacketFields, flows_of

_LINE: Final = re.compile(
    r"\t\d+\t(?P<protocol>\w+) (?P<one>\S+) (?:<->|->) (?P<other>\S+) "
    r"\[proto: [\d.]+/(?P<label>[^.\]]+)"
)
_NUMBERS: Final = {"TCP": 6, "UDP": 17}
Key = tuple[int, frozenset[tuple[bytes, int]]]


@dataclass(frozen=True)
class Packet:
    """One packet of a flow.

    Attributes:
        direction: 0 as the first packet.
        raw: its captured bytes.
        number: of the packet in its capture.
    """

    direction: int
    raw: bytes
    number: int


@dataclass(frozen=True)
class LabelledFlow:
    """A flow: its capture, its label and its packets."""

    capture: str
    label: str
    packets: tuple[Packet, ...]


def labels_in(path: Path) -> dict[Key, str]:
    """The label of each flow in a listing of nDPI's tests."""
    found = {}
    for line in path.read_text(errors="replace").splitlines():
        match = _LINE.match(line)
        if match and match["protocol"] in _NUMBERS:
            try:
                ends = frozenset((_end(match["one"]), _end(match["other"])))
            except ValueError:  # a listing writes some IPv6 addresses cut off
                continue
            found[_NUMBERS[match["protocol"]], ends] = match["label"]
    return found


def _end(text: str) -> tuple[bytes, int]:
    address, _, port = text.rpartition(":")
    packed = ipaddress.ip_address(address.strip("[]")).packed
    return packed.rjust(16, b"\0"), int(port)


def flows_in(capture: Path, labels: dict[Key, str]) -> Iterator[LabelledFlow]:
    """The flows of a capture that have a label."""
    data = capture.read_bytes()
    number = capture_of(data)
    reader = Packets().reader(number)
    stretches = reader.read(data)
    first = packets_of(reader, stretches)
    fields = PacketFields(reader, data, stretches, first)
    flows = flows_of(fields, np.zeros(len(first), np.int64), 1)
    big = CAPTURES[number].big
    size = fields.number("captured", big=big).tolist()
    keys = _keys(fields, len(first))
    begins = _begins(fields)
    for members in _members(flows):
        label = labels.get(keys[members[0]])
        if label is not None:
            yield LabelledFlow(
                capture.name,
                label,
                tuple(
                    Packet(int(flows.direction[i]), data[begins[i] : begins[i] + size[i]], i)
                    for i in members
                ),
            )


def _keys(fields: PacketFields, count: int) -> list[Key]:
    sources, targets = (
        fields.bytes_of(f"ip_{end}", 16) | fields.bytes_of(f"ip_{end}6", 16)
        for end in ("source", "target")
    )
    ports = [fields.number(f"{end}_port").tolist() for end in ("source", "target")]
    protocol = fields.number("protocol").tolist()
    return [
        (
            protocol[i],
            frozenset(((sources[i].tobytes(), ports[0][i]), (targets[i].tobytes(), ports[1][i]))),
        )
        for i in range(count)
    ]


def _begins(fields: PacketFields) -> list[int]:
    """Where the captured bytes of each packet begin: behind the last field of its head."""
    begins: list[int] = (fields.begins_of("size") + 4).tolist()
    return begins


def _members(flows: Flows) -> list[list[int]]:
    found = defaultdict(list)
    for packet, flow in enumerate(flows.flow.tolist()):
        found[flow].append(packet)
    return [*found.values()]


def common(flows: list[LabelledFlow], captures: int, least: int) -> list[LabelledFlow]:
    """Flows of labels that stand in so many captures and have so many flows."""
    where = defaultdict(set)
    for flow in flows:
        where[flow.label].add(flow.capture)
    count = Counter(flow.label for flow in flows)
    kept = {label for label in where if len(where[label]) >= captures and count[label] >= least}
    return [flow for flow in flows if flow.label in kept - {"Unknown"}]
