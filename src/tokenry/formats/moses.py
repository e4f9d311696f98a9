"""``vocab.json`` with merges of words that Moses cuts, as transformers reads XLM (Lample, Conneau
2019, arXiv:1901.07291), FlauBERT (Le et al. 2020, arXiv:1912.05372), BioGPT (Luo et al. 2022,
arXiv:2210.10341) and FSMT (Ng et al. 2019, arXiv:1907.06616).

FSMT has a vocabulary of each language: text gets its ids from ``vocab-src.json``, and what ids
stand for is in ``vocab-tgt.json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.added_specials import Specials
from tokenry.formats.configuration import BIOGPT, FLAUBERT, FSMT, XLM
from tokenry.formats.files import GivenFile, text_of
from tokenry.formats.merged_names import EndingNames, by_id, in_order, make_pipeline
from tokenry.formats.piece_ids import read_ids
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.decoders.steps import DecoderStep
from tokenry.text.decoders.word_ends import MosesDecoder, WordEndsDecoder
from tokenry.text.normalizers.moses import MosesWords
from tokenry.text.pipeline import Pipeline
from tokenry.text.segmenters.renamed import RenamedSegmenter
from tokenry.vocabulary import Vocabulary

TARGET: Final = "vocab-tgt.json"
MERGES: Final = "merges.txt"
_WORDS: Final = "[^ ]+"
_USUAL: Final = {
    "bos_token": "<s>",
    "unk_token": "<unk>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
}
_OF_XLM: Final = {
    **_USUAL, "cls_token": "</s>", "mask_token": "<special1>",
    "extra_special_tokens": [f"<special{number}>" for number in range(10)],
}  # fmt: skip
_SPECIALS: Final[Mapping[str, Mapping[str, Any]]] = {
    XLM: _OF_XLM, FLAUBERT: _OF_XLM, BIOGPT: {**_USUAL, "eos_token": "</s>"}, FSMT: _USUAL,
}  # fmt: skip
# What is put around a text.
_AROUND: Final[Mapping[str, tuple[str | None, str | None]]] = {
    XLM: ("bos_token", "sep_token"), FLAUBERT: ("bos_token", "sep_token"),
    BIOGPT: ("sep_token", None), FSMT: (None, "sep_token"),
}  # fmt: skip
# Languages of XLM that other programs cut; transformers asks for them where a call names one.
_CUT_OTHERWISE: Final = {"zh": "rjieba", "th": "PyThaiNLP", "ja": "KyTea"}


def read(file: GivenFile, kind: str) -> Pipeline:
    """A vocabulary of one of the four classes that was found, with the merges beside it.

    The pattern that the caller gives is the language of XLM's text, English where there is none.

    Raises:
        FormatError: a file is malformed or missing, or the vocabulary has no unknown token.
        UnsupportedError: a pattern of another class, or of a language that Moses does not cut.
        MissingExtraError: sacremoses is not installed.
    """
    ids = read_ids(file.data, str(file.path))
    specials = Specials(file.beside, _SPECIALS[kind])
    lines = text_of(file.beside.need(MERGES, file.path), MERGES).split("\n")[:-1]
    normalizer, step = _words(file, kind, specials.values)
    pipeline = make_pipeline(
        ids,
        in_order([tuple(line.split()[:2]) for line in lines]),
        specials,
        EndingNames(),
        words=_WORDS,
        step=step,
    )
    pipeline = replace(
        pipeline,
        normalizer=normalizer,
        template=specials.template(pipeline.added_tokens, *_AROUND[kind]),
        metadata={"format": "moses"},
    )
    return (
        _translating(pipeline, file.beside.need(TARGET, file.path), specials)
        if kind == FSMT
        else pipeline
    )


def _words(file: GivenFile, kind: str, values: Mapping[str, Any]) -> tuple[MosesWords, DecoderStep]:
    """What cuts text, and what joins it."""
    if file.pattern is not None and kind != XLM:
        raise UnsupportedError(
            f"{file.path} is of {kind}, which cuts text its own way; no pattern="
        )
    if kind == XLM:
        language = file.pattern or "en"
        if language in _CUT_OTHERWISE:
            raise UnsupportedError(
                f"{file.path}: words of {language!r} are cut by {_CUT_OTHERWISE[language]}; cut "
                "them by it, and take another language"
            )
        strips = bool(values.get("do_lowercase_and_remove_accent", True))
        return MosesWords(language, cleans=True, strips=strips), WordEndsDecoder()
    if kind == FLAUBERT:
        lowers = bool(values.get("do_lowercase"))
        return MosesWords("fr", composes=True, lowers=lowers, cleans=True), WordEndsDecoder()
    if kind == BIOGPT:
        return MosesWords("en", fairseq=True), MosesDecoder("en")
    languages = values.get("langs")
    if not isinstance(languages, list) or len(languages) != 2:
        raise FormatError(
            f"{file.path} needs the two languages of the translation, langs in "
            f"tokenizer_config.json; found {languages!r}"
        )
    source, target = languages
    lowers = bool(values.get("do_lower_case"))
    return MosesWords(source, lowers=lowers, cleans=True, fairseq=True), MosesDecoder(target)


def _translating(pipeline: Pipeline, target: bytes, specials: Specials) -> Pipeline:
    """The tokenizer whose ids are decoded by the vocabulary of the other language.

    Ids of that language only are in the vocabulary with its pieces.
    """
    names = by_id(read_ids(target, TARGET))
    own, roles = list(pipeline.vocabulary.pieces), pipeline.vocabulary.roles
    size, unknown = max(len(own), len(names)), specials.name("unk_token")
    others = [*names, *[None] * (size - len(names))]
    pieces = [
        piece or (EndingNames().canonical(name) if name else None)
        for piece, name in zip([*own, *[None] * (size - len(own))], others, strict=True)
    ]
    added = {token.id: token.content for token in pipeline.added_tokens}
    decoded = tuple(added.get(id_) or name or unknown for id_, name in enumerate(others))
    vocabulary = Vocabulary(pieces, roles)
    decoder, segmenter = pipeline.decoder, pipeline.segmenter
    assert isinstance(decoder, SpelledDecoder)
    assert isinstance(segmenter, RenamedSegmenter)
    return replace(
        pipeline,
        vocabulary=vocabulary,
        segmenter=replace(segmenter, vocabulary=vocabulary),
        decoder=replace(decoder, tokens=decoded),
    )
