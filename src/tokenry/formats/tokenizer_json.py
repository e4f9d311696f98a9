"""Hugging Face's tokenizer.json (docs/formats/tokenizer_json.md), ids equal to tokenizers' own.

What a file asks for and tokenry does not do is an `UnsupportedError` that names it.
"""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Mapping, Sequence

import numpy as np

from tokenry.errors import FormatError, VocabularyError
from tokenry.formats.json_walk import Node, parse
from tokenry.formats.tokenizer_json_models import (
    Model,
    make_segmenter,
    make_vocabulary,
    read_model,
)
from tokenry.formats.tokenizer_json_text import (
    read_decoders,
    read_normalizers,
    read_pretokenizers,
    read_template,
)
from tokenry.text.added_tokens import AddedMatcher
from tokenry.text.components import Spelling
from tokenry.text.decoders.steps import ByteLevelDecoder, SpelledDecoder, byte_level_bytes
from tokenry.text.normalizers.steps import ByteLevelText, NormalizerSequence
from tokenry.text.normalizers.word_start import (
    PrefixedPretokenizer,
    leaves_no_space,
    with_plain_spaces,
)
from tokenry.text.parts import AddedToken, Decoder, Normalizer, Pretokenizer, Segmenter
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.delimiters import Behavior
from tokenry.text.pretokenizers.dropping import DroppingPretokenizer
from tokenry.text.pretokenizers.split_patterns import NativePretokenizer, find_splitter
from tokenry.text.pretokenizers.steps import (
    ByteLevel,
    Metaspace,
    PretokenizerSequence,
    Split,
    Step,
)
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.vocabulary import MAX_ID, METASPACE, Vocabulary

WHAT = "tokenizer.json"
VERSION = "1.0"
# Sections that travel with a tokenizer so that a file written again has them.
KEPT = ("truncation", "padding", "post_processor")


def load(data: bytes) -> Pipeline:
    """Read a tokenizer from the bytes of a tokenizer.json.

    Raises:
        FormatError: the file is malformed; the message names the place.
        UnsupportedError: it asks for a component or a setting that tokenry does not have.
    """
    node = parse(data, WHAT)
    try:
        return _load(node)
    except VocabularyError as error:
        raise FormatError(f"{WHAT}: {error}") from None


def _load(node: Node) -> Pipeline:
    version = node.get_text("version")
    if version not in (None, VERSION):
        node.unsupported(f"version {version!r}; known is {VERSION!r}")
    normalizers = read_normalizers(node.get("normalizer"))
    steps = read_pretokenizers(node.get("pre_tokenizer"))
    model = read_model(node.need("model"))
    added = read_added(node.get("added_tokens"), model)
    spelling = _spelling(model, normalizers, steps)
    spelled = spelled_tokens(model, added, normalizers)
    vocabulary = make_vocabulary(model, added, spelling, spelled)
    segmenter = make_segmenter(model, vocabulary, spelling)
    for normalized in (False, True):  # that no two are the same text
        AddedMatcher(
            [token for token in added if token.normalized is normalized],
            NormalizerSequence(tuple(normalizers)),
        )
    normalizer, pretokenizer = _text_parts(normalizers, steps, spelling, segmenter, added)
    pretokenizer = _dropping(pretokenizer, model, segmenter)
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=segmenter,
        pretokenizer=pretokenizer,
        normalizer=normalizer,
        added_tokens=added,
        template=_checked_template(node, vocabulary),
        decoder=_decoder(node, spelling, vocabulary, spelled, added),
        metadata=_kept(node),
    )


def _kept(node: Node) -> dict[str, str]:
    sections = ((key, node.get(key)) for key in KEPT)
    return {key: json.dumps(found.object()) for key, found in sections if found is not None}


def _checked_template(node: Node, vocabulary: Vocabulary):  # type: ignore[no-untyped-def]
    template = read_template(node.get("post_processor"))
    for id_ in (*template.before, *template.after) if template else ():
        if id_ >= len(vocabulary):
            node.need("post_processor").fail(f"ids below {len(vocabulary)}, and not {id_}")
    return template


# Added tokens


def read_added(node: Node | None, model: Model) -> tuple[AddedToken, ...]:
    """Added tokens, with the ids that tokenizers gives them.

    It takes the id that the model has for a token's text, and else the next free one, whatever
    the file says; a file that says otherwise contradicts itself.
    """
    added: list[AddedToken] = []
    ids = ChainMap[str, int]({}, model.ids)
    following = len(model.tokens)
    for entry in node.items() if node is not None else ():
        token = _added_token(entry)
        expected = ids.get(token.content, following)
        if token.id != expected:
            entry.need("id").fail(f"the id {expected} that tokenizers gives to {token.content!r}")
        following += token.content not in ids
        if any(each.id == token.id for each in added[-1:]) or (
            token.content in ids and any(each.content == token.content for each in added)
        ):
            entry.fail("an added token that was not given before")
        ids[token.content] = token.id
        added.append(token)
    return tuple(added)


def _added_token(node: Node) -> AddedToken:
    content = node.need("content")
    if not content.text():
        content.fail("text that is not empty")
    return AddedToken(
        content=content.text(),
        id=node.need("id").integer(MAX_ID),
        special=node.get_flag("special", False),
        normalized=node.get_flag("normalized", True),
        lstrip=node.get_flag("lstrip", False),
        rstrip=node.get_flag("rstrip", False),
        single_word=node.get_flag("single_word", False),
    )


def spelled_tokens(
    model: Model, added: Sequence[AddedToken], normalizers: Sequence[Normalizer]
) -> Mapping[int, str]:
    """What decoding calls each id; an added token goes by what the normalizers make of it."""
    normalizer = NormalizerSequence(tuple(normalizers))
    spelled = dict(model.tokens)
    for token in added:
        spelled[token.id] = normalizer(token.content) if token.normalized else token.content
    return spelled


# How the file spells pieces


def _spelling(model: Model, normalizers: Sequence[Normalizer], steps: Sequence[Step]) -> Spelling:
    by_normalizer = any(isinstance(each, ByteLevelText) for each in normalizers)
    by_step = any(isinstance(each, ByteLevel) for each in steps)
    if by_normalizer and by_step:
        raise FormatError(f"{WHAT}: ByteLevel is both a normalizer and a pre-tokenizer")
    if by_normalizer or by_step:
        if model.kind != "BPE":
            model.node.unsupported(f"ByteLevel before the model {model.kind}")
        return "bytes"
    marking = any(isinstance(s, Metaspace) and s.replacement == METASPACE for s in steps)
    if model.kind in ("BPE", "Unigram") and (marking or leaves_no_space(normalizers)):
        return "marks"
    return "plain"


# Text parts, with the ways that the native core knows


def _text_parts(
    normalizers: Sequence[Normalizer],
    steps: Sequence[Step],
    spelling: Spelling,
    segmenter: Segmenter,
    added: Sequence[AddedToken],
) -> tuple[Normalizer | None, Pretokenizer]:
    strips = any(token.normalized and (token.lstrip or token.rstrip) for token in added)
    if spelling == "marks" and not steps and not strips:
        return _in_order(with_plain_spaces(normalizers)), NativePretokenizer(_whole(segmenter))
    if spelling == "bytes" and any(isinstance(each, ByteLevelText) for each in normalizers):
        if not isinstance(normalizers[-1], ByteLevelText):
            raise FormatError(f"{WHAT}: the normalizer ByteLevel must be the last")
        if not steps and len(normalizers) == 1 and not any(token.normalized for token in added):
            return None, NativePretokenizer("whole")
        return _in_order(normalizers), PretokenizerSequence(tuple(steps), "bytes")
    return _in_order(normalizers), _pretokenizer(steps, spelling, segmenter)


def _in_order(normalizers: Sequence[Normalizer]) -> Normalizer | None:
    if len(normalizers) == 1:
        return normalizers[0]
    return NormalizerSequence(tuple(normalizers)) if normalizers else None


def _pretokenizer(steps: Sequence[Step], spelling: Spelling, segmenter: Segmenter) -> Pretokenizer:
    if spelling == "bytes":
        prefixed, name = _byte_level_splitter(steps)
        if name is not None:
            return PrefixedPretokenizer(name, "always") if prefixed else NativePretokenizer(name)
        return PretokenizerSequence(tuple(steps), "plain")
    if not steps and spelling == "plain":
        return NativePretokenizer("whole")
    if spelling == "marks" and len(steps) == 1 and isinstance(steps[0], Metaspace):
        name = "metaspace" if steps[0].split else _whole(segmenter)
        return PrefixedPretokenizer(name, steps[0].prepend_scheme, marks=True)
    return PretokenizerSequence(tuple(steps), "marks" if spelling == "marks" else "plain")


def _byte_level_splitter(steps: Sequence[Step]) -> tuple[bool, str | None]:
    """Whether a space is put first, and the splitter of the core that does all else."""
    last = steps[-1]
    assert isinstance(last, ByteLevel)
    if len(steps) == 1:
        return last.add_prefix_space, "gpt2" if last.use_regex else "whole"
    split = steps[0]
    known = (
        len(steps) == 2
        and not last.add_prefix_space
        and not last.use_regex
        and isinstance(split, Split)
        and not split.pattern.is_literal
        and split.behavior is Behavior.ISOLATED
        and not split.invert
    )
    return False, find_splitter(split.pattern.source) if known else None  # type: ignore[attr-defined]


def _whole(segmenter: Segmenter) -> str:
    """The splitter for text that the file does not cut: words, where no piece spans two."""
    if not isinstance(segmenter, BytePairSegmenter):
        return "whole"
    pieces = segmenter.vocabulary.matchable()
    known = any(piece == b" " for piece in pieces)
    spanning = any(piece is not None and b" " in piece.lstrip(b" ") for piece in pieces)
    return "space_prefix" if known and not spanning and not segmenter.whole_pretokens else "whole"


def _dropping(pretokenizer: Pretokenizer, model: Model, segmenter: Segmenter) -> Pretokenizer:
    """The pretokenizer, without the text that the model's symbols do not cover."""
    if not isinstance(segmenter, BytePairSegmenter) or model.byte_tokens or model.has_unknown:
        return pretokenizer
    if segmenter.symbols == "bytes":
        known = set(segmenter.vocabulary.single_bytes())
        if len(known) == 256:
            return pretokenizer
    else:
        pieces = [piece for piece in segmenter.vocabulary.matchable() if piece is not None]
        known = {ord(text) for text in map(bytes.decode, pieces) if len(text) == 1}
    symbols = np.array(sorted(known), dtype=np.uint32)
    return DroppingPretokenizer(pretokenizer, symbols, segmenter.symbols == "characters")


def _decoder(
    node: Node,
    spelling: Spelling,
    vocabulary: Vocabulary,
    spelled: Mapping[int, str],
    added: Sequence[AddedToken],
) -> Decoder | None:
    steps = read_decoders(node.get("decoder"))
    # Pieces of the model are what this decoder makes of tokens; where those of added tokens are
    # too, joining them is enough.
    if (
        spelling == "bytes"
        and steps == (ByteLevelDecoder(),)
        and "" not in spelled.values()
        and all(byte_level_bytes(spelled[each.id]) == vocabulary[each.id] for each in added)
    ):
        return None
    return SpelledDecoder(tuple(spelled.get(id_) for id_ in range(len(vocabulary))), steps)
