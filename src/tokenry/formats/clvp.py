"""``vocab.json`` with ``merges.txt`` of CLVP (Betker 2023, arXiv:2305.07243), as transformers'
ClvpTokenizer reads them: English as it is spoken, and what is merged and has no name unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from tokenry.errors import VocabularyError
from tokenry.formats import merges
from tokenry.formats.added_specials import Specials
from tokenry.formats.files import GivenFile
from tokenry.formats.merged_names import by_id
from tokenry.formats.piece_ids import read_ids, unknown_id
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.decoders.steps import ByteLevelDecoder, DecoderStep, FuseDecoder, ReplaceDecoder
from tokenry.text.normalizers.spoken_english import SpokenEnglish
from tokenry.text.oniguruma import TextPattern
from tokenry.text.pipeline import Pipeline
from tokenry.text.segmenters.renamed import RenamedSegmenter
from tokenry.vocabulary import Vocabulary, from_byte_level, to_byte_level

_USUAL: Final = {
    "bos_token": "<|endoftext|>", "eos_token": "[STOP]", "unk_token": "[UNK]",
    "pad_token": "[STOP]",
}  # fmt: skip
_SPACE: Final = "[SPACE]"


def read(file: GivenFile) -> Pipeline:
    """A ``vocab.json`` that was found, with the configuration that names the class.

    Raises:
        FormatError: a file is malformed or missing, or the vocabulary has no unknown token.
    """
    what = str(file.path)
    ids, specials = read_ids(file.data, what), Specials(file.beside, _USUAL)
    unknown, added = unknown_id(ids, specials, what), specials.added(ids)
    lines = file.beside.need(merges.WHAT, what).split(b"\n")[1:-1]  # the first is the version
    inner = merges.load(b"\n".join(lines), pattern="gpt2")
    found = [to_byte_level(piece or b"") for piece in inner.vocabulary.pieces]
    space = {to_byte_level(b" "): _SPACE} if _SPACE in ids else {}
    names = by_id({**ids, **{token.content: token.id for token in added}})
    roles = {token.id: "special" for token in added} | {unknown: "unknown"}
    vocabulary = Vocabulary([None if name is None else _piece(name) for name in names], roles)
    numbers = np.array([ids.get(space.get(name, name), unknown) for name in found], np.uint32)
    return replace(
        inner,
        vocabulary=vocabulary,
        segmenter=RenamedSegmenter(inner.segmenter, vocabulary, numbers, None, unknown),
        normalizer=SpokenEnglish(),
        added_tokens=added,
        decoder=SpelledDecoder(tuple(names), (ByteLevelDecoder(), *_cleaning(specials, ids))),
        lossless=False,
        metadata={"format": "clvp"},
    )


def _piece(name: str) -> bytes:
    try:
        return from_byte_level(name)
    except VocabularyError:
        return name.encode()


def _cleaning(specials: Specials, ids: dict[str, int]) -> list[DecoderStep]:
    """What makes text of names at last, where the configuration wants that."""
    if not specials.values.get("clean_up_tokenization_spaces"):
        return []
    written: dict[str, str] = {name: " " for name in (_SPACE, "[STOP]") if name in ids}
    unknown = specials.name("unk_token") or ""
    written |= {unknown: "", "   ": " ", "  ": " "}
    return [
        FuseDecoder(),
        *(ReplaceDecoder(TextPattern(old, is_literal=True), new) for old, new in written.items()),
    ]
