"""Where OpenAI publishes the files of its encodings; `tokenry.formats.known_ranks` has the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from tokenry.formats.known_ranks import KNOWN_RANKS, KnownRanks

_HOME: Final = "https://openaipublic.blob.core.windows.net"


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file of pieces.

    Attributes:
        url: where it is published.
        sha256: of its content, in hexadecimal.
        kind: lines of ``base64 rank``, or GPT-2's merges.
    """

    url: str
    sha256: str
    kind: Literal["ranks", "merges"] = "ranks"


@dataclass(frozen=True, slots=True)
class PublishedEncoding:
    """An encoding: any one of its files has all of its pieces.

    Attributes:
        known: its pattern and its specials, of which two may share an id.
        files: in the order in which they are looked for.
    """

    known: KnownRanks
    files: tuple[PublishedFile, ...]


def _ranks(name: str) -> PublishedFile:
    return PublishedFile(f"{_HOME}/encodings/{name}.tiktoken", KNOWN_RANKS[name].sha256[0])


_MERGES: Final = PublishedFile(
    f"{_HOME}/gpt-2/encodings/main/vocab.bpe", KNOWN_RANKS["gpt2"].sha256[0], "merges"
)
# GPT-2's merges and r50k's ranks are the same pieces at the same ids.
_FILES: Final = {
    "gpt2": (_MERGES, _ranks("r50k_base")),
    "r50k_base": (_ranks("r50k_base"), _MERGES),
    "p50k_base": (_ranks("p50k_base"),),
    "p50k_edit": (_ranks("p50k_base"),),
    "cl100k_base": (_ranks("cl100k_base"),),
    "o200k_base": (_ranks("o200k_base"),),
    "o200k_harmony": (_ranks("o200k_base"),),
}
PUBLISHED: Final[Mapping[str, PublishedEncoding]] = MappingProxyType(
    {name: PublishedEncoding(KNOWN_RANKS[name], files) for name, files in _FILES.items()}
)
"""By the name that tiktoken has for it."""
