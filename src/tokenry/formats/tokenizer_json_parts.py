"""Parts of a tokenizer as components of a tokenizer.json: the way back of `tokenizer_json_text`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tokenry.errors import UnsupportedError
from tokenry.formats.tokenizer_json_sentencepiece import normalizer_steps as sentencepiece_steps
from tokenry.text.decoders import steps as decoders
from tokenry.text.decoders.steps import DecoderStep
from tokenry.text.normalizers import steps as normalizers
from tokenry.text.normalizers.bert import BertNormalizer
from tokenry.text.normalizers.charsmap import Charsmap
from tokenry.text.normalizers.sentencepiece import SentencePieceNormalizer
from tokenry.text.normalizers.word_start import TO_MARKS, TO_SPACES, PrefixedPretokenizer
from tokenry.text.oniguruma import TextPattern
from tokenry.text.parts import Normalizer, Pretokenizer
from tokenry.text.pretokenizers import steps as pretokenizers
from tokenry.text.pretokenizers.delimiters import Behavior
from tokenry.text.pretokenizers.dropping import DroppingPretokenizer
from tokenry.text.pretokenizers.split_patterns import (
    NativePretokenizer,
    RegexPretokenizer,
    pattern_of,
)
from tokenry.text.pretokenizers.steps import PretokenizerSequence, Step
from tokenry.text.pretokenizers.whole_tokens import WholeTokenPretokenizer
from tokenry.vocabulary import METASPACE

Spec = dict[str, Any]
Writers = dict[type, Callable[[Any], Spec]]


def _write(part: object, writers: Writers, kind: str) -> Spec:
    writer = writers.get(type(part))
    if writer is None:
        raise UnsupportedError(
            f"a tokenizer.json cannot say the {kind} {type(part).__name__}; save tokenry's own file"
        )
    return writer(part)


def _sequence(specs: Sequence[Spec], children: str) -> Spec | None:
    if len(specs) < 2:
        return specs[0] if specs else None
    return {"type": "Sequence", children: list(specs)}


def _pattern(pattern: TextPattern) -> Spec:
    return {"String" if pattern.is_literal else "Regex": pattern.source}


def _typed(name: str, **settings: object) -> Spec:
    return {"type": name, **settings}


# Normalizers


def normalizer_spec(normalizer: Normalizer | None, *, marked: bool) -> Spec | None:
    """The normalizer of a file; ``marked``: its text has spaces where the file's has marks."""
    steps = normalizer_steps(normalizer)
    if marked and steps and steps[-1] == TO_SPACES:
        steps = _marked(steps[:-1])
    specs = [_write(step, _NORMALIZERS, "normalizer") for step in steps]
    return _sequence(specs, "normalizers")


def normalizer_steps(normalizer: Normalizer | None) -> list[Normalizer]:
    """The normalizers that one stands for, in order."""
    if isinstance(normalizer, normalizers.NormalizerSequence):
        return [each for step in normalizer.steps for each in normalizer_steps(step)]
    if isinstance(normalizer, SentencePieceNormalizer):
        return sentencepiece_steps(normalizer)
    return [] if normalizer is None else [normalizer]


def _marked(steps: list[Normalizer]) -> list[Normalizer]:
    if TO_MARKS in steps:
        return steps
    if steps and steps[-1] == normalizers.Prepend(" "):
        steps = [*steps[:-1], normalizers.Prepend(METASPACE)]
    return [*steps, TO_MARKS]


def _bert(part: BertNormalizer) -> Spec:
    return _typed(
        "BertNormalizer",
        clean_text=part.clean_text,
        handle_chinese_chars=part.handle_chinese_chars,
        strip_accents=part.strip_accents,
        lowercase=part.lowercase,
    )


def _charsmap(rules: Charsmap) -> str:
    from base64 import b64encode

    return b64encode(rules.blob).decode()


_NORMALIZERS: Writers = {
    normalizers.Form: lambda part: _typed(part.form),
    normalizers.Lowercase: lambda part: _typed("Lowercase"),
    normalizers.StripAccents: lambda part: _typed("StripAccents"),
    normalizers.Strip: lambda part: _typed("Strip", strip_left=part.left, strip_right=part.right),
    normalizers.Prepend: lambda part: _typed("Prepend", prepend=part.content),
    normalizers.Replace: lambda part: _typed(
        "Replace", pattern=_pattern(part.pattern), content=part.content
    ),
    BertNormalizer: _bert,
    normalizers.Precompiled: lambda part: _typed(
        "Precompiled", precompiled_charsmap=_charsmap(part.rules)
    ),
    normalizers.ByteLevelText: lambda part: _typed("ByteLevel"),
}


# Pretokenizers


def byte_level(*, use_regex: bool = False, add_prefix_space: bool = False) -> Spec:
    """The ByteLevel pretokenizer; its offsets are those of the text."""
    return _typed(
        "ByteLevel", add_prefix_space=add_prefix_space, trim_offsets=True, use_regex=use_regex
    )


def pretokenizer_spec(pretokenizer: Pretokenizer, *, as_bytes: bool) -> Spec | None:
    """The pretokenizer of a file; ``as_bytes``: the model's pieces are byte-level."""
    if isinstance(pretokenizer, DroppingPretokenizer):
        return pretokenizer_spec(pretokenizer.pretokenizer, as_bytes=as_bytes)
    if isinstance(pretokenizer, NativePretokenizer):
        return _native(pretokenizer.native, as_bytes)
    if isinstance(pretokenizer, RegexPretokenizer) and as_bytes:
        behavior = pretokenizer.behaviour.title().replace("_", "")
        split = _split_spec(TextPattern(pretokenizer.pattern), behavior, pretokenizer.invert)
        return _sequence([split, byte_level()], "pretokenizers")
    if isinstance(pretokenizer, WholeTokenPretokenizer) and as_bytes:
        split = _split_spec(TextPattern(pretokenizer.pattern), "Isolated", False)
        return _sequence([split, byte_level()], "pretokenizers")
    if isinstance(pretokenizer, PrefixedPretokenizer):
        return _prefixed(pretokenizer)
    if isinstance(pretokenizer, PretokenizerSequence):
        specs = [_write(step, _STEPS, "pretokenizer") for step in pretokenizer.steps]
        return _sequence(specs, "pretokenizers")
    raise UnsupportedError(
        f"a tokenizer.json cannot say the pretokenizer {type(pretokenizer).__name__}; save "
        "tokenry's own file"
    )


def _native(name: str, as_bytes: bool) -> Spec | None:
    if not as_bytes and name in ("whole", "space_prefix", "metaspace"):
        return None  # these cut at most where no piece crosses
    if name == "whole":
        return byte_level()
    if name == "gpt2" and as_bytes:
        return byte_level(use_regex=True)
    pattern = pattern_of(name.removesuffix("+signs"))
    if pattern is not None:
        split = _split_spec(TextPattern(pattern), "Isolated", False)
        return _sequence([split, byte_level()], "pretokenizers") if as_bytes else split
    raise UnsupportedError(
        f"a tokenizer.json cannot say the splitter {name!r} for this model; save tokenry's own file"
    )


def _prefixed(part: PrefixedPretokenizer) -> Spec:
    if part.marks:
        return _typed(
            "Metaspace",
            replacement=METASPACE,
            prepend_scheme=part.prepend_scheme,
            split=part.splitter == "metaspace",
        )
    return byte_level(use_regex=part.splitter == "gpt2", add_prefix_space=True)


def _split_spec(pattern: TextPattern, behavior: str, invert: bool) -> Spec:
    return _typed("Split", pattern=_pattern(pattern), behavior=behavior, invert=invert)


def _cut(part: pretokenizers.Cut) -> Spec:
    if part.characters == "WHITE_SPACE" and part.behavior is Behavior.REMOVED:
        return _typed("WhitespaceSplit")
    if part.characters == "PUNCTUATION":
        return _typed("Punctuation", behavior=part.behavior.value)
    if part.characters == "NUMERIC":
        return _typed("Digits", individual_digits=part.behavior is Behavior.ISOLATED)
    raise UnsupportedError(f"a tokenizer.json cannot say {part}")


def _metaspace(part: pretokenizers.Metaspace) -> Spec:
    return _typed(
        "Metaspace",
        replacement=part.replacement,
        prepend_scheme=part.prepend_scheme,
        split=part.split,
    )


_STEPS: dict[type[Step], Callable[[Any], Spec]] = {
    pretokenizers.Cut: _cut,
    pretokenizers.CharDelimiterSplit: lambda part: _typed(
        "CharDelimiterSplit", delimiter=part.delimiter
    ),
    pretokenizers.Split: lambda part: _split_spec(part.pattern, part.behavior.value, part.invert),
    pretokenizers.ByteLevel: lambda part: byte_level(
        use_regex=part.use_regex, add_prefix_space=part.add_prefix_space
    ),
    pretokenizers.Metaspace: _metaspace,
    pretokenizers.Whitespace: lambda part: _typed("Whitespace"),
    pretokenizers.FixedLength: lambda part: _typed("FixedLength", length=part.length),
}


# Decoders


def decoder_spec(steps: Sequence[DecoderStep]) -> Spec | None:
    """The decoder of a file."""
    if tuple(steps) == (decoders.SpacesDecoder(),):
        return None
    return _sequence([_write(step, _DECODERS, "decoder") for step in steps], "decoders")


_DECODERS: Writers = {
    decoders.ByteLevelDecoder: lambda part: byte_level(use_regex=True, add_prefix_space=True),
    decoders.MetaspaceDecoder: lambda part: _typed(
        "Metaspace",
        replacement=part.replacement,
        prepend_scheme="always" if part.prepended else "never",
        split=True,
    ),
    decoders.ByteFallbackDecoder: lambda part: _typed("ByteFallback"),
    decoders.FuseDecoder: lambda part: _typed("Fuse"),
    decoders.StripDecoder: lambda part: _typed(
        "Strip", content=part.content, start=part.start, stop=part.stop
    ),
    decoders.ReplaceDecoder: lambda part: _typed(
        "Replace", pattern=_pattern(part.pattern), content=part.content
    ),
    decoders.WordPieceDecoder: lambda part: _typed(
        "WordPiece", prefix=part.prefix, cleanup=part.cleanup
    ),
    decoders.BPEDecoder: lambda part: _typed("BPEDecoder", suffix=part.suffix),
    decoders.CTCDecoder: lambda part: _typed(
        "CTC",
        pad_token=part.pad_token,
        word_delimiter_token=part.word_delimiter_token,
        cleanup=part.cleanup,
    ),
}
