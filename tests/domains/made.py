"""Files of each domain that are made up: one function a domain, drawn from a generator."""

from __future__ import annotations

import csv
import io
import json
import struct
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


@makes("binaries")
def binaries(draw: Random) -> bytes:
    """Bytes with runs and repeats; one of two an ELF or PE with sections."""
    content = b"".join(
        draw.choice([bytes(9), b"\x48\x89\xe5" * 3, b"text of a kind\0", draw.randbytes(7)])
        for _ in range(draw.randint(0, 60))
    )
    return draw.choice([bytes, elf, pe])(content)


def elf(content: bytes, wide: bool = True) -> bytes:
    """A file of 64 bits with a section of code, one of text and one of data."""
    names = b"\0.text\0.rodata\0.data\0.shstrtab\0"
    begin = 64 + len(names)
    third = len(content) // 3
    rows = [
        (0, 0, 0, 0, 0, 0),
        (1, 1, 6, 0, begin, third),
        (7, 1, 2, 0, begin + third, third),
        (15, 1, 3, 0, begin + 2 * third, len(content) - 2 * third),
        (21, 3, 0, 0, 64, len(names)),
    ]
    table = b"".join(struct.pack("<IIQQQQIIQQ", *row, 0, 0, 0, 0) for row in rows)
    head = b"\x7fELF\x02\x01\x01" + bytes(9)
    head += struct.pack(
        "<HHIQQQIHHHHHH", 3, 62, 1, 0, 0, begin + len(content), 0, 64, 0, 0, 64, 5, 4
    )
    return head + names + content + table


def pe(content: bytes) -> bytes:
    """A file with a section of code and one of constants."""
    half = len(content) // 2
    first = 64 + 24 + 80
    rows = [(b".text", half, first, 0x20), (b".rdata", len(content) - half, first + half, 0x40)]
    head = b"MZ" + bytes(58) + struct.pack("<I", 64)
    head += b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 2, 0, 0, 0, 0, 0)
    for name, size, offset, flags in rows:
        head += struct.pack("<8s4I12sI", name, size, 0, size, offset, bytes(12), flags)
    return head + content


CELLS = ["", "7", "-3.25", "true", "Ångström", "two words", "12,5", 'a "quoted" one', "line\nbreak"]


def rows_of(draw: Random) -> list[list[str]]:
    width = draw.randint(1, 5)
    names = [f"column {i}" for i in range(width)]
    return [names, *(draw.choices(CELLS, k=width) for _ in range(draw.randint(0, 12)))]


@makes("tables")
def tables(draw: Random) -> bytes:
    rows = rows_of(draw)
    match draw.choice(["csv", "json", "lines", "markdown"]):
        case "csv":
            out = io.StringIO()
            feed = draw.choice(["\n", "\r\n"])
            separator = draw.choice(",;\t|") if len(rows[0]) > 1 else ","
            csv.writer(out, delimiter=separator, lineterminator=feed).writerows(rows)
            text = out.getvalue()
        case "json":
            objects = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
            text = json.dumps(objects, indent=draw.choice([None, 2, "\t"]))
        case "lines":
            text = "".join(json.dumps(dict(zip(rows[0], row, strict=True))) + "\n" for row in rows)
        case _:
            flat = [[cell.replace("\n", " ").replace("|", "\\|") for cell in row] for row in rows]
            flat.insert(1, ["---"] * len(rows[0]))
            lines = ["| " + " | ".join(f"{cell:<9}" for cell in row) + " |\n" for row in flat]
            text = "# A table\n\n" + "".join(lines) + "\nand text, | too\n"
    return text.encode()
