"""Rows for genomes, executables, captures, records and tables."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import struct
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.domains.row import Row

K = 6
ENOUGH = 4_000_000  # bytes of made files


def rows(data: Path) -> list[Row]:
    """The rows whose files are there."""
    genomes = [path.read_bytes() for path in sorted((data / "dna").glob("*.fna"))]
    phage = [path.read_bytes() for path in sorted((data / "dna").glob("*.fa"))]
    found = [
        Row("dna", "FASTA", genomes, {}, goal=100),
        Row("dna", "lambda phage", phage, kmer_rivals()),
        Row("dna", "FASTQ", [reads()], {}),
        Row("proteins", "FASTA", [proteins()], {}),
        Row("binaries", "ELF", executables(), {}, goal=100),
        Row("packets", "pcap", captures(data), dpkt_rivals()),
        Row("records", "sensors", [sensors()], {}),
        *tables(data),
    ]
    return [row for row in found if row.files]


def kmer_rivals() -> dict[str, Callable[[list[bytes]], Any]]:
    """DNABERT's tokenizer: overlapping k-mers with spaces between, under BERT's of transformers."""
    if find_spec("transformers") is None:
        return {}
    from transformers import BertTokenizer

    from tokenry.domains.sequences.kmers import KmerTokenizer

    kmers = KmerTokenizer(k=K).vocabulary.pieces[256:]
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *((each or b"").decode() for each in kmers),
    ]
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = BertTokenizer(vocab=vocabulary, do_lower_case=False)

    def encode(files: list[bytes]) -> int:
        count = 0
        for file in files:
            sequence = b"".join(file.split(b"\n")[1:]).decode()
            words = " ".join(sequence[i : i + K] for i in range(len(sequence) - K + 1))
            count += len(tokenizer(words, add_special_tokens=False)["input_ids"])
        return count

    return {"DNABERT tokenizer (transformers)": encode}


def reads() -> bytes:
    """Reads of 150 bases with qualities."""
    chance = random.Random(1)
    parts = []
    for number in range(ENOUGH // 4 // 320):
        sequence = "".join(chance.choices("ACGT", k=150))
        quality = "".join(chance.choices("FFFFFF:,#", k=150))
        parts.append(f"@read.{number} length=150\n{sequence}\n+\n{quality}\n")
    return "".join(parts).encode()


def proteins() -> bytes:
    """Proteins of 350 amino acids."""
    chance = random.Random(2)
    parts = []
    for number in range(ENOUGH // 4 // 380):
        sequence = "".join(chance.choices("ACDEFGHIKLMNPQRSTVWY", k=350))
        lines = "\n".join(sequence[i : i + 60] for i in range(0, 350, 60))
        parts.append(f">sp|P{number:05}|MADE\n{lines}\n")
    return "".join(parts).encode()


def executables() -> list[bytes]:
    """Some programs of this machine."""
    paths = sorted(Path("/usr/bin").glob("[g-p]*"))
    found = [
        path.read_bytes() for path in paths if path.is_file() and path.stat().st_size > 200_000
    ]
    return [each for each in found if each[:4] == b"\x7fELF"][:8]


def captures(data: Path) -> list[bytes]:
    """The larger ones, without which a row would time calls."""
    folder = data / "pcap"
    paths = sorted(folder.glob("*.pcap")) if folder.is_dir() else []
    return [path.read_bytes() for path in paths if path.stat().st_size > 60_000]


def dpkt_rivals() -> dict[str, Callable[[list[bytes]], Any]]:
    """A walk over all packets, and of those on Ethernet over their layers."""
    if find_spec("dpkt") is None:
        return {}
    import dpkt

    def walk(files: list[bytes]) -> int:
        count = 0
        for file in files:
            stream = io.BytesIO(file)
            reader = dpkt.pcapng.Reader(stream) if file[:1] == b"\n" else dpkt.pcap.Reader(stream)
            ethernet = reader.datalink() == dpkt.pcap.DLT_EN10MB
            for _, frame in reader:
                if ethernet:
                    dpkt.ethernet.Ethernet(frame)
                count += 1
        return count

    return {"dpkt": walk}


def sensors() -> bytes:
    """Rows of the example schema."""
    chance = random.Random(3)
    parts = []
    for time in range(60_000):
        parts.append(struct.pack("<IB", time, time % 7))
        parts.append(struct.pack(">fB", chance.gauss(20, 4), 2) + b"ok")
    return struct.pack("<IH", 0x534E4553, 60_000) + b"".join(parts)


def tables(data: Path) -> list[Row]:
    """The tables of TAT-QA in the formats that people write."""
    path = data / "tatqa_finance" / "tatqa_dataset_dev.json.gz"
    if not path.is_file():
        return []
    found = json.loads(gzip.decompress(path.read_bytes()))
    grid = [(row + [""] * 8)[:8] for each in found for row in each["table"]["table"]] * 12
    names = [f"value {number}" for number in range(8)]
    out = io.StringIO()
    csv.writer(out).writerows([names, *grid])
    objects = json.dumps([dict(zip(names, row, strict=True)) for row in grid], indent=1)
    bars = [[cell.replace("|", "/").replace("\n", " ") for cell in row] for row in (names, *grid)]
    lines = "".join("| " + " | ".join(row) + " |\n" for row in bars)
    return [
        Row("tables", "CSV", [out.getvalue().encode()], {"csv.reader": read_csv}),
        Row("tables", "JSON", [objects.encode()], {"json.loads": read_json}),
        Row("tables", "Markdown", [lines.encode()], {}),
    ]


def read_csv(files: list[bytes]) -> int:
    """Rows that the standard library finds."""
    return sum(1 for file in files for _ in csv.reader(io.StringIO(file.decode())))


def read_json(files: list[bytes]) -> list[Any]:
    """What the standard library makes of them."""
    return [json.loads(file) for file in files]
