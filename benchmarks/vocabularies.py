"""The vocabularies of the races and where their files come from."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpora import CACHE, folder, mixed

_CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_UPPER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
_LOWER = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"

# The published split patterns. Those of cl100k and gpt2 are in the possessive form that tiktoken
# ships, which its engine runs faster.
PATTERNS = {
    "gpt2": r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s""",
    "cl100k": r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+|"""
    r""" ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s""",
    "o200k": rf"""[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+{_CONTRACTIONS}?|"""
    rf"""[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*{_CONTRACTIONS}?|"""
    r"""\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A byte-level BPE vocabulary that every engine can be given."""

    name: str
    path: Path  # a rank file or a tokenizer.json
    pattern: str  # one of PATTERNS

    @property
    def ranks(self) -> dict[bytes, int]:
        """Bytes to rank, which is the id."""
        if self.path.suffix == ".tiktoken":
            lines = self.path.read_bytes().split(b"\n")
            return {base64.b64decode(a): int(b) for a, b in map(bytes.split, filter(None, lines))}
        vocabulary = json.loads(self.path.read_text(encoding="utf-8"))["model"]["vocab"]
        alphabet = byte_level_alphabet()
        plain = {text: id for text, id in vocabulary.items() if set(text) <= alphabet.keys()}
        return {bytes(alphabet[mark] for mark in text): id for text, id in plain.items()}


def byte_level_alphabet() -> dict[str, int]:
    """The characters that stand for bytes in GPT-2's files (Radford et al., 2019)."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {chr(b): b for b in shown} | {chr(256 + n): b for n, b in enumerate(hidden)}


def vocabularies(data: str | None) -> list[Vocabulary]:
    """o200k, cl100k and gpt2 from the shared data, else one that is learnt here."""
    if data is None:
        return [learnt()]
    files = Path(data) / "tokenizers"
    return [
        Vocabulary("o200k", files / "o200k_base.tiktoken", "o200k"),
        Vocabulary("cl100k", files / "cl100k_base.tiktoken", "cl100k"),
        Vocabulary("gpt2", files / "gpt-2_tokenizer.json", "gpt2"),
    ]


def learnt(size: int = 32_000) -> Vocabulary:
    """A vocabulary learnt from bundled text and kept in the cache."""
    target = CACHE / f"learnt-{size}"
    if not (target / "tokenizer.json").exists():
        from tokenry.learning import learn

        corpus = folder("bundled", mixed, 20_000_000, None)
        learn(corpus, kind="bpe", vocab_size=size, pretokenizer="gpt2").save(str(target))
    return Vocabulary(f"learnt {size // 1000}k", target / "tokenizer.json", "gpt2")
