"""Packets in flows and bursts: who speaks to whom, in which direction, and how long after.

Source: Guthula et al. 2023, "netFound", arXiv:2310.17025: a flow is the packets between two ends of
one protocol; a burst is its packets in one direction without a pause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.domains.records.fields import FieldReader, Stretches
from tokenry.domains.residue import Array

ADDRESS: Final = 16  # bytes in which IPv4 and IPv6 are compared
_SOURCES: Final = ("ip_source", "ip_source6", "source_port")
_TARGETS: Final = ("ip_target", "ip_target6", "target_port")


@dataclass(frozen=True, eq=False)
class Flows:
    """Of each packet, in the order of the file; arrays of shape (n,).

    Attributes:
        flow: its number; flows are numbered by their first packet.
        direction: 0 as the first packet of its flow, 1 the other way.
        gap: units of time since the packet before in its flow, 0 for the first.
        begins_burst: whether the packet before in its flow went the other way, or long ago.
    """

    flow: Array
    direction: Array
    gap: Array
    begins_burst: NDArray[np.bool_]

    def order(self) -> Array:
        """Packets flow by flow, each in the order of the file."""
        return np.argsort(self.flow, kind="stable").astype(np.int64)


class PacketFields:
    """Fields of each packet of a capture: the first of a name that stands in it.

    Args:
        reader: of the capture.
        data: the file.
        stretches: what `FieldReader.read` gave.
        first: the stretch with which each packet begins.
    """

    def __init__(
        self, reader: FieldReader, data: bytes, stretches: Stretches, first: Array
    ) -> None:
        self._reader, self._stretches, self._first = reader, stretches, first
        self._codes = np.frombuffer(data, np.uint8)

    def bytes_of(self, name: str, width: int) -> NDArray[np.uint8]:
        """Its bytes, right-aligned in ``width``; zeros where there is none; shape (n, width)."""
        found = np.zeros((len(self._first), width), np.uint8)
        packets, begins, size = self._places(name)
        if len(packets):
            size = min(size, width)
            found[packets, width - size :] = self._codes[begins[:, None] + np.arange(size)]
        return found

    def number(self, name: str, *, big: bool = True) -> Array:
        """It as a number of at most four bytes; 0 where there is none; shape (n,)."""
        found = np.zeros((len(self._first), 4), np.uint8)
        packets, begins, size = self._places(name)
        if len(packets):
            rows = self._codes[begins[:, None] + np.arange(size)]
            found[packets, 4 - size :] = rows if big else rows[:, ::-1]
        return found.view(">u4")[:, 0].astype(np.int64)

    def begins_of(self, name: str) -> Array:
        """Where it begins in the file; 0 where there is none; shape (n,)."""
        found = np.zeros(len(self._first), np.int64)
        packets, begins, _ = self._places(name)
        found[packets] = begins
        return found

    def _places(self, name: str) -> tuple[Array, Array, int]:
        """Packets with such a field, where it begins in the file, and its width."""
        steps = enumerate(self._reader.program.steps)
        labels = [i for i, step in steps if step and step.name == name and self._is_field(i)]
        rows = np.flatnonzero(np.isin(self._stretches.labels, labels))
        packets = _native.ranks_of(rows, self._first, or_equal=True) - 1
        packets, first = np.unique(packets, return_index=True)
        rows, inside = rows[first], packets >= 0
        sizes = self._stretches.sizes[rows[inside]]
        begins = self._stretches.begins[rows[inside]]
        return packets[inside], begins, int(sizes.min(initial=255)) if len(sizes) else 0

    def _is_field(self, label: int) -> bool:
        return bool(self._reader.program.marks[label] < 0)


def flows_of(fields: PacketFields, time: Array, pause: int) -> Flows:
    """Flows, directions and bursts.

    Args:
        fields: of the packets.
        time: of each packet, in units of a capture.
        pause: so many units without a packet end a burst.
    """
    source, target = _end(fields, _SOURCES), _end(fields, _TARGETS)
    swapped = _is_after(source, target)
    low = np.where(swapped[:, None], target, source)
    high = np.where(swapped[:, None], source, target)
    keys = np.concatenate([low, high, fields.bytes_of("protocol", 1)], axis=1)
    flow = _numbered(keys)
    order = np.argsort(flow, kind="stable")
    starts = np.append(True, flow[order][1:] != flow[order][:-1]) if len(order) else swapped
    first = order[np.flatnonzero(starts)]
    direction = (swapped != swapped[first][flow]).astype(np.int64) if len(order) else flow
    gap = np.zeros(len(order), np.int64)
    gap[order] = np.where(starts, 0, np.diff(time[order], prepend=time[order][:1]))
    turns = np.diff(direction[order], prepend=-1) != 0
    begins = np.zeros(len(order), bool)
    begins[order] = starts | turns | (gap[order] > pause)
    return Flows(flow, direction, gap, begins)


def _end(fields: PacketFields, names: tuple[str, str, str]) -> NDArray[np.uint8]:
    """Address and port of one end."""
    four, six, port = names
    address = fields.bytes_of(four, ADDRESS) | fields.bytes_of(six, ADDRESS)
    return np.concatenate([address, fields.bytes_of(port, 2)], axis=1)


def _is_after(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether a row comes after another by its first byte that differs."""
    differs = one != other
    at = differs.argmax(axis=1)
    rows = np.arange(len(one))
    return np.asarray(one[rows, at] > other[rows, at])


def _numbered(keys: NDArray[np.uint8]) -> Array:
    """Equal rows by number, in the order in which they come first."""
    if not len(keys):
        return np.zeros(0, np.int64)
    rows = np.ascontiguousarray(keys).view(f"V{keys.shape[1]}")[:, 0]
    _, first, inverse = np.unique(rows, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse.reshape(-1)]
