"""The formats that tokenry reads: one line each, and a file that is imported when one is met.

A format is a module with a function that reads a `GivenFile`, a test of how its files begin
in `tokenry.formats.signatures`, and a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tokenry.errors import FormatError
from tokenry.formats import signatures
from tokenry.formats.files import GivenFile
from tokenry.registry import Entry, Registry
from tokenry.text.pipeline import Pipeline

Reader = Callable[[GivenFile], Pipeline]


@dataclass(frozen=True, kw_only=True)
class Format(Entry[Reader]):
    """A format of tokenizer files.

    Attributes:
        recognise: whether a file is of this format, by its content.
        file_names: what its files are called in a folder.
        says_all: whether it states how text is split and which specials there are; where it does
            not, the caller does.
    """

    recognise: Callable[[signatures.FileHead], bool]
    file_names: tuple[str, ...] = ()
    says_all: bool = True


# The file that says most first: in a folder it is the one that is read.
KNOWN: Final[tuple[Format, ...]] = (
    Format(
        "tokenry",
        "tokenry.formats.native_file:read",
        recognise=signatures.is_tokenry,
        file_names=("tokenry.json",),
    ),
    Format(
        "tokenizer_json",
        "tokenry.formats.tokenizer_json.reading:read",
        recognise=signatures.is_tokenizer_json,
        file_names=("tokenizer.json",),
    ),
    Format(
        "tekken",
        "tokenry.formats.tekken:read",
        recognise=signatures.is_tekken,
        file_names=("tekken.json",),
    ),
    Format(
        "gguf",
        "tokenry.formats.gguf:read",
        recognise=signatures.is_gguf,
    ),
    Format(
        "rwkv",
        "tokenry.formats.rwkv:read",
        source="Peng et al. 2023, arXiv:2305.13048",
        recognise=signatures.is_rwkv,
    ),
    Format(
        "sentencepiece",
        "tokenry.formats.sentencepiece:read",
        source="Kudo, Richardson 2018, arXiv:1808.06226",
        recognise=signatures.is_sentencepiece,
        file_names=("tokenizer.model", "spiece.model"),
    ),
    Format(
        "byte_maps",
        "tokenry.formats.byte_maps:read",
        source="Limisiewicz et al. 2024, arXiv:2403.10691",
        recognise=signatures.is_byte_maps,
        file_names=("byte_maps.json",),
    ),
    Format(
        "vocab_json",
        "tokenry.formats.merges:read_vocab_json",
        source="Radford et al. 2019",
        recognise=signatures.is_vocab_json,
        file_names=("vocab.json", "vocab-src.json"),
        says_all=False,
    ),
    Format(
        "subword_nmt",
        "tokenry.formats.subword_nmt:read",
        source="Sennrich, Haddow, Birch 2016, arXiv:1508.07909",
        recognise=signatures.is_bpe_codes,
        file_names=("bpe.codes",),
    ),
    Format(
        "tiktoken",
        "tokenry.formats.tiktoken:read",
        recognise=signatures.is_tiktoken,
        file_names=("tiktoken.model",),
        says_all=False,
    ),
    Format(
        "wordpiece",
        "tokenry.formats.wordpiece:read",
        source="Devlin et al. 2018, arXiv:1810.04805",
        recognise=signatures.is_wordpiece,
        file_names=("vocab.txt", "prophetnet.tokenizer"),
    ),
    Format(
        "merges",
        "tokenry.formats.merges:read",
        source="Radford et al. 2019",
        recognise=signatures.is_merges,
        file_names=("merges.txt",),
        says_all=False,
    ),
    Format(
        "bytes_only",
        "tokenry.formats.bytes_only:read",
        source="Xue et al. 2021, arXiv:2105.13626",
        recognise=signatures.is_bytes_only,
    ),
    Format(
        "code_points",
        "tokenry.formats.code_points:read",
        source="Clark et al. 2021, arXiv:2103.06874",
        recognise=signatures.is_code_points,
    ),
)
FORMATS: Final[Registry[Reader]] = Registry("tokenizer format", KNOWN, FormatError)
