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


PROGRAMS = {
    "c": (
        "#include <stdio.h>\n#define LIMIT {n}\n",
        "/* {a} */\nint {a}(int {b}, char *{c}) {{\n    return {b} + {n};  // {c}\n}}\n",
        "static double {a}[{n}] = {{1.5, {n}.0}};\n",
        'int {a};\n\nvoid {b}(void) {{ printf("{c} %d\\n", {a}); }}\n',
    ),
    "cpp": (
        "#include <vector>\nnamespace {a} {{\n}}  // namespace {a}\n",
        "template <typename T>\nT {a}(const std::vector<T>& {b}) {{ return {b}[{n}]; }}\n",
        "class {a} {{\n public:\n  int {b} = {n};\n}};\n",
    ),
    "fortran": (
        "program {a}\n  implicit none\n  integer :: {b}\n  {b} = {n} + 1\nend program {a}\n",
        "SUBROUTINE {a}(x)\n  real :: x ! {b}\n  call {c}(x, 'it''s')\nEND SUBROUTINE {a}\n",
    ),
    "python": (
        "import {a}\nfrom {b} import {c}\n",
        "def {a}({b}, {c}=None):\n    if {b}:\n        return {c}  # {a}\n    return {n}\n",
        "class {a}:\n\t{b} = [x for x in {c}]\n",
    ),
}


@makes("code")
def code(draw: Random) -> bytes:
    names = [letters(draw, "abcdefg_xyz", draw.randint(1, 8)) + "q" for _ in range(6)]
    rows = PROGRAMS[draw.choice([*PROGRAMS])]
    parts = []
    for _ in range(draw.randint(1, 6)):
        a, b, c = draw.choices(names, k=3)
        parts.append(draw.choice(rows).format(a=a, b=b, c=c, n=draw.randint(0, 2000)))
    text = draw.choice(["", "\n"]).join(parts)
    return text.replace("\n", draw.choice(["\n", "\n", "\r\n"])).encode()


SMILES = (
    "CCO", "c1ccccc1", "CC(=O)Oc1ccccc1C(=O)O", "[Na+].[Cl-]", "C[C@H](N)C(=O)O", "C%12CC%12",
    "F/C=C/F", "[13CH4]", "N#Cc1ccc(Br)cc1", "[Co+2]", "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
)  # fmt: skip
SELFIES = ("[C][C][O]", "[C][=Branch1][C][=O][N]", "[Na+1].[Cl-1]", "[O][=C][Ring1][Xx9]")


@makes("molecules")
def molecules(draw: Random) -> bytes:
    separator = draw.choice(["\t", ",", " "])
    kinds = ["smiles", *draw.choices(["number", "name", "selfies"], k=draw.randint(0, 2))]
    rows = []
    for number in range(draw.randint(1, 30)):
        of = {
            "smiles": draw.choice(SMILES) if draw.random() < 0.95 else "C1CC",
            "number": f"{draw.uniform(-9, 9):.3g}",
            "name": f"molecule{number}",
            "selfies": draw.choice(SELFIES),
        }
        rows.append(separator.join(of[kind] for kind in kinds))
    feed = draw.choice(["\n", "\n", "\r\n"])
    return (feed.join(rows) + draw.choice(["", feed])).encode()


@makes("layouts")
def layouts(draw: Random) -> bytes:
    if draw.random() < 0.2:
        lines = ["title: top, large; image: below 1, left", "text", "a b: middle; c: right of 1"]
        return "\n".join(draw.choices(lines, k=draw.randint(1, 5))).encode()
    pages = []
    for _ in range(draw.randint(1, 5)):
        width, height = draw.choice([(513, 750), (1440, 2560), (0.5, 1)])
        pages.append({"width": width, "height": height, "elements": []})
        for _ in range(draw.randint(1, 8)):
            box = [draw.randint(0, 600) for _ in range(4)]
            label = draw.choice(["title", "text", "image", 'a "b"'])
            pages[-1]["elements"].append({"label": label, "box": box})
    indent = draw.choice([None, None, 1])
    return "".join(json.dumps(page, indent=indent) + "\n" for page in pages).encode()


SAID = [
    "Hello",
    "",
    "two\nlines",
    'a "quote"',
    "Ångström 你",
    "<|chat.im_end|>",
    "  spaces  ",
    "\\n",
]


@makes("chat")
def chat(draw: Random) -> bytes:
    names = draw.choice([("role", "content"), ("from", "value")])
    talks = []
    for _ in range(draw.randint(1, 5)):
        roles = draw.choices(["user", "assistant", "system", "tool"], k=draw.randint(1, 5))
        talks.append([{names[0]: role, names[1]: draw.choice(SAID)} for role in roles])
    as_ascii = draw.random() < 0.5
    if draw.random() < 0.3:
        return json.dumps(talks, ensure_ascii=as_ascii, indent=draw.choice([None, 2])).encode()
    lines = (json.dumps({"messages": talk}, ensure_ascii=as_ascii) + "\n" for talk in talks)
    return "".join(lines).encode()


@makes("records")
def records(draw: Random) -> bytes:
    """Rows of the example schema; one of four is cut off."""
    rows = draw.randint(0, 20)
    parts = [struct.pack("<IH", 0x534E4553, rows)]
    for time in range(rows):
        note = draw.choice([b"", b"ok", b"<|sensors.row|>", draw.randbytes(5)])
        parts.append(struct.pack("<IB", 1000 * time, draw.randrange(4)))
        parts.append(struct.pack(">fB", draw.gauss(20, 3), len(note)) + note)
    data = b"".join(parts)
    return data[: draw.randint(6, len(data))] if draw.random() < 0.25 else data


def segment(draw: Random, ends: tuple[int, int]) -> bytes:
    """An Ethernet frame with IPv4 or IPv6, and TCP, UDP, ICMP or something else in it."""
    payload = draw.choice([b"", b"GET / HTTP/1.1", draw.randbytes(9)])
    ports = struct.pack(">HH", 1024 + ends[0], 1024 + ends[1])
    kind = draw.choice([6, 17, 1, 47])
    inner = {
        6: ports + struct.pack(">IIBBHHH", draw.randrange(2**32), 7, 0x50, 24, 512, 1, 0),
        17: ports + struct.pack(">HH", 8 + len(payload), 2),
        1: bytes([8, 0, 1, 2]),
        47: b"",
    }[kind] + payload
    if draw.random() < 0.7:
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(inner), 7, 0, 64, kind, 3)
        return (
            bytes(12) + b"\x08\x00" + head + bytes([10, 0, 0, ends[0], 10, 0, 0, ends[1]]) + inner
        )
    head = struct.pack(">IHBB", 6 << 28, len(inner), kind, 64)
    return (
        bytes(12)
        + b"\x86\xdd"
        + head
        + bytes(15)
        + bytes([ends[0]])
        + bytes(15)
        + bytes([ends[1]])
        + inner
    )


@makes("packets")
def packets(draw: Random) -> bytes:
    """A capture of a few flows; pcap of either byte order, or pcapng."""
    frames = []
    for _ in range(draw.randint(0, 12)):
        ends = draw.choice([(1, 2), (2, 1), (1, 3), (3, 1)])
        frames.append(segment(draw, ends) if draw.random() < 0.9 else draw.randbytes(30))
    order = draw.choice("<>")
    link = draw.choice([1, 1, 1, 101, 147])
    if draw.random() < 0.3:
        blocks = [
            struct.pack(order + "IIIHHq", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1)
            + struct.pack(order + "I", 28)
        ]
        blocks.append(struct.pack(order + "IIHHII", 1, 20, link, 0, 65_535, 20))
        for time, frame in enumerate(frames):
            padded = frame + bytes(-len(frame) % 4)
            size = 32 + len(padded)
            head = struct.pack(order + "7I", 6, size, 0, 0, 1000 * time, len(frame), len(frame))
            blocks.append(head + padded + struct.pack(order + "I", size))
        return b"".join(blocks)
    magic = draw.choice([0xA1B2C3D4, 0xA1B23C4D])
    data = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65_535, link)
    for time, frame in enumerate(frames):
        data += struct.pack(order + "4I", time // 3, 500 * time, len(frame), len(frame)) + frame
    return data[: draw.randint(24, len(data))] if draw.random() < 0.2 else data


@makes("mixed")
def mixed(draw: Random) -> bytes:
    parts = []
    for _ in range(draw.randint(1, 6)):
        match draw.randrange(5):
            case 0:
                parts.append("A paragraph with CCO, <|mixed.end|> and `code` in it.\n\n")
            case 1:
                parts.append("```smiles\n" + "\n".join(draw.choices(SMILES, k=4)) + "\n```\n")
            case 2:
                parts.append("| a | b |\n|---|:-:|\n| 1 | two |\n\n")
            case 3:
                program = draw.choice(PROGRAMS["python"]).format(a="aq", b="bq", c="cq", n=7)
                parts.append(f"~~~ python\n{program}~~~\n")
            case _:
                parts.append(draw.choice(["```csv\na,b\n1,2\n```\n", "```c\nint a;", "```\nx\n"]))
    return "".join(parts).encode()
