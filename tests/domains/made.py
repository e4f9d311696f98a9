"""Files of each domain that are made up: one function a domain, drawn from a generator."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

MADE: dict[str, Callable[[Random], bytes]] = {}
Maker = Callable[[Random], bytes]


def makes(name: str) -> Callable[[Maker], Maker]:
    """Register what makes a file of a domain."""

    def register(maker: Maker) -> Maker:
        MADE[name] = maker
        return maker

    return register


def letters(draw: Random, alphabet: str, size: int) -> str:
    return "".join(draw.choices(alphabet, k=size))


def wrapped(sequence: str, width: int, feed: str) -> str:
    return "".join(sequence[i : i + width] + feed for i in range(0, len(sequence), width))


def fasta(draw: Random, alphabet: str, unknown: str) -> bytes:
    feed = draw.choice(["\n", "\n", "\r\n"])
    width = draw.choice([10, 60, 80, 10_000])
    parts = []
    for number in range(draw.randint(0, 4)):
        sequence = letters(draw, alphabet, draw.randint(0, 400))
        sequence += draw.choice(["", unknown * 7, unknown * 40 + alphabet])
        low = draw.randint(0, len(sequence))
        sequence = sequence[:low] + sequence[low : low + 50].lower() + sequence[low + 50 :]
        parts.append(f">seq{number} <|dna.record|> made{feed}" + wrapped(sequence, width, feed))
    text = "".join(parts)
    return (text if draw.random() < 0.7 else text.rstrip("\r\n")).encode()


def fastq(draw: Random) -> bytes:
    reads = []
    for number in range(draw.randint(1, 5)):
        size = draw.randint(0, 150)
        quality = letters(draw, "!5:@FI+", size)
        plus = draw.choice(["+", f"+read{number}"])
        reads.append(f"@read{number}\n{letters(draw, 'ACGTN', size)}\n{plus}\n{quality}\n")
    return "".join(reads).encode()


@makes("dna")
def dna(draw: Random) -> bytes:
    return fasta(draw, "ACGTACGTRY", "N") if draw.random() < 0.7 else fastq(draw)


@makes("proteins")
def proteins(draw: Random) -> bytes:
    return fasta(draw, "ACDEFGHIKLMNPQRSTVWY", "X")
