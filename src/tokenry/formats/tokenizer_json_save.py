"""Writing a tokenizer.json that Hugging Face's tokenizers reads to equal ids.

What the format cannot say is an `UnsupportedError`; what it says only nearly is a reason in the
`Document`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from tokenry.errors import UnsupportedError
from tokenry.files import write_atomically
from tokenry.formats import json_numbers
from tokenry.formats.json_walk import parse
from tokenry.formats.tokenizer_json_models import NO_PREFIX
from tokenry.formats.tokenizer_json_names import spelled_ids, unknown_of
from tokenry.formats.tokenizer_json_parts import (
    Spec,
    decoder_spec,
    normalizer_spec,
    normalizer_steps,
    pretokenizer_spec,
)
from tokenry.formats.tokenizer_json_sentencepiece import NEAREST, decoder_steps
from tokenry.formats.tokenizer_json_text import read_template
from tokenry.text.decoders.steps import (
    ByteFallbackDecoder,
    ByteLevelDecoder,
    FuseDecoder,
    SpelledDecoder,
)
from tokenry.text.normalizers.sentencepiece import SentencePieceDecoder, SentencePieceNormalizer
from tokenry.text.normalizers.word_start import TO_SPACES, PrefixedPretokenizer
from tokenry.text.parts import AddedToken, Segmenter
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.dropping import DroppingPretokenizer
from tokenry.text.pretokenizers.split_patterns import RegexPretokenizer
from tokenry.text.pretokenizers.steps import PretokenizerSequence
from tokenry.text.pretokenizers.whole_tokens import WholeTokenPretokenizer
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.morph import MorphSegmenter
from tokenry.text.segmenters.unigram import UNKNOWN_PENALTY, UnigramSegmenter
from tokenry.text.segmenters.wordpiece import WordPieceSegmenter
from tokenry.vocabulary import (
    METASPACE,
)

# Splitters that leave what no space divides in one.
UNCUT = ("whole", "space_prefix", "metaspace")
# A string, or whatever else stands for itself.
_JSON_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"\[\]{}:,]+')


@dataclass(frozen=True, slots=True)
class Document:
    """A tokenizer.json.

    Attributes:
        content: as plain data.
        reasons: why its reader may give other ids; without one it gives the same.
        literals: how numbers are written whose shortest form tokenizers reads otherwise, by that.
    """

    content: Spec
    reasons: tuple[str, ...]
    literals: Mapping[str, str] = field(default_factory=dict)

    def dump(self) -> bytes:
        """The file."""
        text = json.dumps(self.content, ensure_ascii=False, allow_nan=False)
        if self.literals:
            text = _JSON_TOKEN.sub(lambda found: self.literals.get(found[0], found[0]), text)
        return text.encode()


def save_tokenizer_json(pipeline: Pipeline, path: str | os.PathLike[str]) -> Path:
    """Write a tokenizer.json; a folder gets one.

    Raises:
        UnsupportedError: the format cannot say this tokenizer.
    """
    path = Path(path)
    target = path / "tokenizer.json" if path.is_dir() else path
    return write_atomically(target, to_document(pipeline).dump())


def to_document(pipeline: Pipeline) -> Document:
    """The tokenizer.json of a tokenizer.

    Raises:
        UnsupportedError: the format cannot say it; the message names the part.
    """
    writer = _Writer(pipeline)
    content = {
        "version": "1.0",
        "truncation": _kept(pipeline, "truncation"),
        "padding": _kept(pipeline, "padding"),
        "added_tokens": writer.added_tokens(),
        "normalizer": normalizer_spec(pipeline.normalizer, marked=writer.marked),
        "pre_tokenizer": pretokenizer_spec(pipeline.pretokenizer, as_bytes=writer.as_bytes),
        "post_processor": writer.post_processor(),
        "decoder": writer.decoder(),
        "model": writer.model(),
    }
    literals = {shown: literal for shown, literal in writer.respelled.items() if literal}
    return Document(content, tuple(writer.reasons()), literals)


def _kept(pipeline: Pipeline, section: str) -> object:
    text = pipeline.metadata.get(section)
    return None if text is None else json.loads(text)


class _Writer:
    """One tokenizer on its way into a file."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.vocabulary = pipeline.vocabulary
        self.segmenter = _merging_alone(pipeline.segmenter)

    @cached_property
    def as_bytes(self) -> bool:
        """Whether pieces are spelled in the byte-level alphabet."""
        return isinstance(self.segmenter, BytePairSegmenter) and self.segmenter.symbols == "bytes"

    @cached_property
    def marked(self) -> bool:
        """Whether a space of a canonical piece is a mark in the file."""
        cutter = self.pipeline.pretokenizer
        if isinstance(cutter, DroppingPretokenizer):
            cutter = cutter.pretokenizer
        if isinstance(cutter, PrefixedPretokenizer):
            return cutter.marks
        if isinstance(cutter, PretokenizerSequence):
            return cutter.finish == "marks"
        steps = normalizer_steps(self.pipeline.normalizer)
        return not self.as_bytes and bool(steps) and steps[-1] == TO_SPACES

    @cached_property
    def spells_bytes(self) -> bool:
        """Whether a Unigram model spells what it does not know by bytes."""
        return isinstance(self.segmenter, UnigramSegmenter) and self.segmenter.byte_fallback

    @cached_property
    def spelled(self) -> dict[int, str]:
        """What the file calls each id."""
        return spelled_ids(self.pipeline, as_bytes=self.as_bytes, marked=self.marked)

    @cached_property
    def outside(self) -> int:
        """The first of the added tokens at the end of the ids, which the model does not list."""
        roles = self.vocabulary.roles
        ids = (token.id for token in self.pipeline.added_tokens)
        added = {id_ for id_ in ids if roles.get(id_) in ("special", "added")}
        added -= {unknown_of(self.segmenter)}
        first = len(self.vocabulary)
        while first - 1 in added:
            first -= 1
        # tokenizers numbers such tokens from the size of the model on
        return first if all(id_ in self.spelled for id_ in range(first)) else len(self.vocabulary)

    def added_tokens(self) -> list[Spec]:
        """The section of added tokens."""
        return [
            {
                "id": token.id,
                "content": token.content,
                "single_word": token.single_word,
                "lstrip": token.lstrip,
                "rstrip": token.rstrip,
                "normalized": token.normalized,
                "special": token.special,
            }
            for token in sorted(self._all_added(), key=lambda token: token.id)
        ]

    def _all_added(self) -> list[AddedToken]:
        known = list(self.pipeline.added_tokens)
        listed = {token.id for token in known}
        defined = self.vocabulary.ids_with("user_defined")
        # tokenizers would give a new id to one with a space, which its model spells otherwise
        return known + [
            AddedToken(self.spelled[id_], id_, special=False)
            for id_ in defined
            if id_ not in listed and METASPACE not in self.spelled[id_]
        ]

    # Sections around the model

    def post_processor(self) -> Spec | None:
        """The template: the file's own where the tokenizer came from one and still has it."""
        kept = self.pipeline.metadata.get("post_processor")
        template = self.pipeline.template
        if kept is not None:
            node = parse(kept.encode(), "post_processor")
            if read_template(node) == template:
                content: Spec = json.loads(kept)
                return content
        if template is None:
            return None
        before = [_special(self.spelled[id_], 0) for id_ in template.before]
        after = [_special(self.spelled[id_], 0) for id_ in template.after]
        again = [_special(self.spelled[id_], 1) for id_ in template.after]
        names = {self.spelled[id_]: id_ for id_ in (*template.before, *template.after)}
        single = [*before, _text("A", 0), *after]
        return {
            "type": "TemplateProcessing",
            "single": single,
            "pair": [*single, _text("B", 1), *again],
            "special_tokens": {
                name: {"id": name, "ids": [id_], "tokens": [name]} for name, id_ in names.items()
            },
        }

    def decoder(self) -> Spec | None:
        """The section of the decoder."""
        decoder = self.pipeline.decoder
        if isinstance(decoder, SpelledDecoder):
            return decoder_spec(decoder.steps)
        if decoder is None and self.as_bytes:
            return decoder_spec([ByteLevelDecoder()])
        if isinstance(decoder, SentencePieceDecoder):
            return decoder_spec(decoder_steps(decoder))
        if decoder is None and self.spells_bytes and not self.marked:
            return decoder_spec([ByteFallbackDecoder(), FuseDecoder()])
        name = "plain joining" if decoder is None else type(decoder).__name__
        raise UnsupportedError(
            f"a tokenizer.json cannot say the decoder {name} for this model; save tokenry's own "
            "file"
        )

    # Models

    def model(self) -> Spec:
        """The section of the model."""
        if isinstance(self.segmenter, BytePairSegmenter):
            return self._byte_pairs(self.segmenter)
        if isinstance(self.segmenter, UnigramSegmenter):
            return self._unigram(self.segmenter)
        if isinstance(self.segmenter, WordPieceSegmenter):
            return self._wordpiece(self.segmenter)
        raise UnsupportedError(
            f"a tokenizer.json cannot say the model {type(self.segmenter).__name__}"
        )

    def _vocab(self) -> dict[str, int]:
        inside = {id_: name for id_, name in self.spelled.items() if id_ < self.outside}
        return {name: id_ for id_, name in inside.items()}

    def _byte_pairs(self, segmenter: BytePairSegmenter) -> Spec:
        unknown = segmenter.unknown
        return {
            "type": "BPE",
            "dropout": None,
            "unk_token": None if unknown is None else self.spelled[unknown],
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": segmenter.fuse_unknown,
            "byte_fallback": segmenter.byte_fallback,
            "ignore_merges": segmenter.whole_pretokens,
            "vocab": self._vocab(),
            "merges": self._merges(segmenter),
        }

    def _merges(self, segmenter: BytePairSegmenter) -> list[list[str]]:
        order = np.argsort(segmenter.ranks, kind="stable")
        names = self.spelled
        merges: list[list[str]] = []
        for left, right, merged in segmenter.merges[order].tolist():
            if names[left] + names[right] != names[merged]:
                raise UnsupportedError(
                    f"{names[left]!r} and {names[right]!r} merge to {names[merged]!r}, which is "
                    "not the two together; a tokenizer.json cannot say that"
                )
            merges.append([names[left], names[right]])
        return merges

    def _unigram(self, segmenter: UnigramSegmenter) -> Spec:
        size = self.outside
        if any(id_ not in self.spelled for id_ in range(size)):
            raise UnsupportedError("a Unigram model of a tokenizer.json has no holes among its ids")
        return {
            "type": "Unigram",
            "unk_id": self._unknown_id(segmenter),
            "vocab": [[self.spelled[id_], float(segmenter.scores[id_])] for id_ in range(size)],
            "byte_fallback": segmenter.byte_fallback,
        }

    @cached_property
    def respelled(self) -> dict[str, str | None]:
        """Literals of scores whose shortest is read as another number; None where all are."""
        if not isinstance(self.segmenter, UnigramSegmenter):
            return {}
        scores = self.segmenter.scores[: self.outside].tolist()
        literals = {repr(score): json_numbers.spell(score) for score in scores}
        return {shown: literal for shown, literal in literals.items() if literal != shown}

    def _unknown_id(self, segmenter: UnigramSegmenter) -> int | None:
        """Its own; where bytes leave nothing unknown a byte's, for tokenizers insists on one."""
        fallback = self.vocabulary.ids_with("byte") if self.spells_bytes else ()
        return fallback[0] if segmenter.unknown is None and fallback else segmenter.unknown

    def _wordpiece(self, segmenter: WordPieceSegmenter) -> Spec:
        if segmenter.unknown is None:
            raise UnsupportedError("a WordPiece model of a tokenizer.json needs an unknown id")
        if segmenter.prefix == NO_PREFIX:
            unknown = self.spelled[segmenter.unknown]
            return {"type": "WordLevel", "vocab": self._vocab(), "unk_token": unknown}
        return {
            "type": "WordPiece",
            "unk_token": self.spelled[segmenter.unknown],
            "continuing_subword_prefix": segmenter.prefix,
            "max_input_chars_per_word": segmenter.longest_word,
            "vocab": self._vocab(),
        }

    # What a reader may do otherwise

    def reasons(self) -> list[str]:
        """Why ids may differ."""
        found: list[str] = []
        if isinstance(self.pipeline.segmenter, MorphSegmenter):
            found.append("tokenizers knows no morphs, and merges across their boundaries")
        if isinstance(self.segmenter, BytePairSegmenter):
            found += _merging_reasons(self.segmenter)
        if isinstance(self.segmenter, UnigramSegmenter):
            found += self._unigram_reasons(self.segmenter)
        if isinstance(self.pipeline.normalizer, SentencePieceNormalizer):
            found += NEAREST
        if isinstance(self.pipeline.pretokenizer, RegexPretokenizer):
            found.append("tokenizers reads the split pattern with another regex engine")
        if isinstance(self.pipeline.pretokenizer, WholeTokenPretokenizer):
            found.append("tokenizers reads whole tokens with another regex engine")
        if (self.pipeline.pretokenizer.native or "").endswith("+signs"):
            found.append("a split pattern cannot set the signs of numbers apart")
        return found

    def _unigram_reasons(self, segmenter: UnigramSegmenter) -> list[str]:
        found: list[str] = []
        if segmenter.arithmetic != "transformers":
            found.append("tokenizers adds scores in 64 bits, so near ties may fall otherwise")
        listed = segmenter.scores[: self.outside]
        lowest = float(np.min(listed, initial=np.inf))
        if segmenter.unknown_score != lowest - UNKNOWN_PENALTY:
            found.append("tokenizers gives unknown characters another score")
        if None in self.respelled.values():
            found.append("tokenizers reads some scores a last bit off, however they are written")
        if self.pipeline.decoder is None and self.pipeline.pretokenizer.native in UNCUT:
            found.append("tokenizers reads <0x80> in a text as that byte where nothing cuts it")
        return found


def _merging_alone(segmenter: Segmenter) -> Segmenter:
    """What the format can say of a segmenter by morphs: its merges, where no ids are shared."""
    if isinstance(segmenter, MorphSegmenter) and segmenter.shared is None:
        return segmenter.inner
    return segmenter


def _special(name: str, type_id: int) -> dict[str, Any]:
    return {"SpecialToken": {"id": name, "type_id": type_id}}


def _text(name: str, type_id: int) -> dict[str, Any]:
    return {"Sequence": {"id": name, "type_id": type_id}}


def _merging_reasons(segmenter: BytePairSegmenter) -> list[str]:
    # A file's merges are all of different ranks.
    if len(np.unique(segmenter.ranks)) == len(segmenter.ranks):
        return []
    return ["some merges have the same rank, which a list of merges cannot say"]
