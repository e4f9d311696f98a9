"""Captures: fields as dpkt reads them, flows, bursts, and what is cut off or unknown."""

from __future__ import annotations

import io
import random
import struct

import dpkt
import numpy as np
import pytest
from made import MADE, segment
from real import real

from tokenry.domains import learn
from tokenry.domains.packets.captures import CAPTURES, capture_of
from tokenry.domains.packets.domain import Packets
from tokenry.domains.parsed import Parsed
from tokenry.errors import DomainError

pytestmark = pytest.mark.filterwarnings("ignore::tokenry.SmallerVocabularyWarning")


def capture(frames: list[tuple[float, bytes]], link: int = 1) -> bytes:
    data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, link)
    for time, frame in frames:
        second, fraction = divmod(round(time * 1e6), 1_000_000)
        data += struct.pack("<4I", second, fraction, len(frame), len(frame)) + frame
    return data


def tcp(source: int, target: int, payload: bytes = b"x") -> bytes:
    inner = (
        struct.pack(">HHIIBBHHH", 1000 + source, 1000 + target, 5, 6, 0x50, 24, 9, 1, 0) + payload
    )
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(inner), 7, 0, 64, 6, 3)
    return bytes(12) + b"\x08\x00" + head + bytes([10, 0, 0, source, 10, 0, 0, target]) + inner


def names(domain: Packets, parsed: Parsed) -> list[str]:
    return [domain.marks[mark] for mark in parsed.marks.tolist()]


def test_flows_stand_together_and_bursts_are_turns_and_pauses() -> None:
    domain = Packets()
    data = capture(
        [(0, tcp(1, 2)), (0.001, tcp(3, 1)), (0.002, tcp(2, 1)), (0.003, tcp(2, 1)), (5, tcp(2, 1))]
    )
    parsed = domain.read(data)
    headers = ["packet", "ethernet", "ip", "tcp"]
    first = ["flow", "burst", *headers, "burst", *headers, *headers, "burst", *headers]
    assert names(domain, parsed) == [*first, "flow", "burst", *headers]
    turned = parsed.channels["direction"]
    assert sorted(set(turned.tolist())) == [0, 1]
    assert set(parsed.channels["gap"].tolist()) == {0, 2000, 1000, 4_997_000}
    assert domain.write(parsed) == data
    as_captured = Packets(order="file").read(data)
    assert names(domain, as_captured) == headers * 5


def test_addresses_stand_aside_and_ports_in_the_ids() -> None:
    frame = tcp(7, 9, b"hello")
    parsed = Packets().read(capture([(0, frame)]))
    assert struct.pack(">HH", 1007, 1009) in parsed.run
    assert bytes([10, 0, 0, 7]) not in parsed.run
    assert parsed.run.endswith(b"hello")
    shown = Packets(keep=("ip_source",), side=("payload", "source_port", "target_port"))
    run = shown.read(capture([(0, frame)])).run
    assert bytes([10, 0, 0, 7]) in run
    assert b"hello" not in run
    assert struct.pack(">H", 1007) not in run


def test_what_is_dropped_is_zeros() -> None:
    domain = Packets(drop=("payload", "ip_source"))
    data = capture([(0, tcp(7, 9, b"secret"))])
    tokenizer = learn(domain, [data], vocab_size=300)
    back = tokenizer.decode(tokenizer.encode(data))
    assert len(back) == len(data)
    assert back == data.replace(b"secret", bytes(6)).replace(bytes([10, 0, 0, 7]), bytes(4))
    with pytest.raises(DomainError, match="'captured' decides what follows"):
        Packets(drop=("captured",))
    with pytest.raises(DomainError, match="no field is named 'paylod'"):
        Packets(drop=("paylod",))


@pytest.mark.parametrize("link", [9, 147, 65_000])
def test_an_unknown_link_type_is_bytes_behind_a_mark(link: int) -> None:
    data = capture([(0, b"what is this"), (1, b"and that")], link)
    parsed = Packets().read(data)
    assert names(Packets(), parsed).count("unknown") == 2
    assert parsed.run == b"what is thisand that"
    assert Packets().write(parsed) == data


def test_a_capture_may_be_cut_off_anywhere() -> None:
    data = capture([(0, tcp(1, 2, b"payload")), (1, segment(random.Random(2), (1, 3)))])
    for size in range(24, len(data)):
        parsed = Packets().read(data[:size])
        assert Packets().write(parsed) == data[:size]
    assert "broken" in names(Packets(), Packets().read(data[:-30]))


def test_what_is_no_capture_is_named() -> None:
    with pytest.raises(DomainError, match="no capture: it begins with 68656c6c"):
        Packets().read(b"hello world")
    with pytest.raises(DomainError, match="begins with nothing"):
        Packets().read(b"")
    with pytest.raises(DomainError, match="needs what stands aside"):
        Packets().write(Parsed(run=b"ab"))


def test_fields_are_those_of_dpkt() -> None:
    files = [path for path in real("packets") if path.suffix == ".pcap"][:60]
    if not files:
        pytest.skip("no captures are here")
    compared = 0
    for path in files:
        data = path.read_bytes()
        ports = dpkt_ports(data)
        domain = Packets(order="file")
        reader = domain.reader(capture_of(data))
        stretches = reader.read(data)
        steps = [step.name if step else "" for step in reader.program.steps]
        found = [
            int.from_bytes(data[begin:end], "big")
            for label, begin, end in zip(
                stretches.labels.tolist(),
                stretches.begins.tolist(),
                stretches.ends.tolist(),
                strict=True,
            )
            if steps[label] in ("source_port", "target_port") and begin < end
        ]
        if ports is not None:
            assert found == ports, path
            compared += len(ports)
    assert compared > 200


def dpkt_ports(data: bytes) -> list[int] | None:
    """Ports of TCP and UDP as dpkt reads them; None where it reads other layers than ours."""
    found = []
    if data[:1] == b"\n":  # pcapng under another name
        return None
    reader = dpkt.pcap.Reader(io.BytesIO(data))
    if reader.datalink() != dpkt.pcap.DLT_EN10MB:
        return None
    for _, frame in reader:
        network = dpkt.ethernet.Ethernet(frame).data
        if not isinstance(network, dpkt.ip.IP) or not isinstance(
            network.data, dpkt.tcp.TCP | dpkt.udp.UDP
        ):
            return None
        found += [network.data.sport, network.data.dport]
    return found


def test_every_byte_order_and_clock_is_read() -> None:
    seen = set()
    for seed in range(80):
        data = MADE["packets"](random.Random(seed))
        number = capture_of(data)
        seen.add(number)
        parsed = Packets().read(data)
        assert Packets().write(parsed) == data
        assert all(len(each) == parsed.stretches() for each in parsed.channels.values())
    assert seen == {*range(len(CAPTURES))}


def test_ids_without_payload_are_short() -> None:
    data = capture([(0, tcp(1, 2, bytes(500)))] * 3)
    domain = Packets(side=("payload",))
    ids = learn(domain, [data], vocab_size=300).encode(data)
    body = ids[: int(np.flatnonzero(ids == 1)[0])]
    assert len(body) < 3 * 40
