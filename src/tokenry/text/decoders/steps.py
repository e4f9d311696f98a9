"""Decoders of Hugging Face's tokenizer.json: tokens, as the file spells them, back to text.

`tokenry.text.decoders.spelled` runs them over a file's tokens. The text is equal to that of
`tokenizers`, also for sequences of ids that no text encodes to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from tokenry.text import components
from tokenry.text.components import Components, cannot_say, component
from tokenry.text.decoders.step_streams import (
    AfterAnother,
    ByteRuns,
    EachToken,
    HeldTokens,
    JoinedBytes,
    OneBehind,
    SpacesBetween,
    StepStream,
    StrippedEnds,
)
from tokenry.text.decoders.token_bytes import byte_level_bytes, byte_tokens
from tokenry.text.oniguruma import TextPattern
from tokenry.text.saved_parts import saved_as

REPLACEMENT = "\ufffd"
# in this order (Hugging Face's clean-up of English)
CLEANED = (
    (" .", "."),
    (" ?", "?"),
    (" !", "!"),
    (" ,", ","),
    (" ' ", "'"),
    (" n't", "n't"),
    (" 'm", "'m"),
    (" do not", " don't"),
    (" 's", "'s"),
    (" 've", "'ve"),
    (" 're", "'re"),
)


class DecoderStep(Protocol):
    """One decoder of a sequence."""

    __slots__ = ()

    takes_tokens_alone: ClassVar[bool] = False  # what becomes of a token depends on it only
    looks_back: ClassVar[bool] = False  # ... and on the token before it, or on being the first
    reads_byte_level: ClassVar[bool] = False  # tokens are spelled in the byte-level alphabet
    joins: ClassVar[bool] = False  # all tokens become one

    def __call__(self, tokens: list[str]) -> list[str]:
        """Turn spelled tokens into stretches of text."""

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        cannot_say(self)

    def stream(self) -> StepStream:
        """It at work on tokens that come one by one."""
        if self.takes_tokens_alone:
            return EachToken(lambda token: self([token]))
        return AfterAnother(self) if self.looks_back else HeldTokens(self)

    def stream_of_one(self) -> StepStream:
        """It at work on one token that comes in parts, behind a step that joins."""
        return HeldTokens(self, joined=True)


@saved_as("decoders.ByteLevelDecoder")
@dataclass(frozen=True, slots=True)
class ByteLevelDecoder(DecoderStep):
    """Undo the byte-level alphabet; a token that is not spelled in it stands for itself."""

    reads_byte_level: ClassVar[bool] = True
    joins: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Join all tokens to one text."""
        data = b"".join(byte_level_bytes(token) for token in tokens)
        return [data.decode("utf-8", "replace")]

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return components.byte_level(use_regex=True, add_prefix_space=True)

    def stream(self) -> StepStream:
        """A complete character at a time."""
        return JoinedBytes()


@saved_as("decoders.MetaspaceDecoder")
@dataclass(frozen=True, slots=True)
class MetaspaceDecoder(DecoderStep):
    """Marks become spaces; in the first token, where one was put before the text, nothing."""

    replacement: str
    prepended: bool

    looks_back: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Change each token."""
        first = "" if self.prepended else " "
        return [
            token.replace(self.replacement, " " if place else first)
            for place, token in enumerate(tokens)
        ]

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return components.metaspace(
            self.replacement, "always" if self.prepended else "never", split=True
        )

    def stream_of_one(self) -> StepStream:
        """Each part by itself, where a mark is one character."""
        if len(self.replacement) == 1:
            return EachToken(lambda part: self([part]))
        return HeldTokens(self, joined=True)


@saved_as("decoders.ByteFallbackDecoder")
@dataclass(frozen=True, slots=True)
class ByteFallbackDecoder(DecoderStep):
    """Runs of tokens such as ``<0x0A>`` become text; a run that is no UTF-8 becomes U+FFFD."""

    def __call__(self, tokens: list[str]) -> list[str]:
        """Replace each run by one stretch, or by as many U+FFFD as it has tokens."""
        bytes_of = byte_tokens()
        if bytes_of.keys().isdisjoint(tokens):
            return tokens
        result: list[str] = []
        run = bytearray()
        for token in [*tokens, ""]:
            byte = bytes_of.get(token)
            if byte is not None:
                run.append(byte)
                continue
            if run:
                result += _read(bytes(run))
                run.clear()
            result.append(token)
        return result[:-1]

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("ByteFallback")

    def stream(self) -> StepStream:
        """A run is held to its end."""
        return ByteRuns(self)


@saved_as("decoders.FuseDecoder")
@dataclass(frozen=True, slots=True)
class FuseDecoder(DecoderStep):
    """Join all tokens to one."""

    joins: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Join them."""
        return ["".join(tokens)]

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("Fuse")

    def stream(self) -> StepStream:
        """Each token as it is."""
        return EachToken(lambda token: [token])

    def stream_of_one(self) -> StepStream:
        """Each part as it is."""
        return self.stream()


@saved_as("decoders.StripDecoder")
@dataclass(frozen=True, slots=True)
class StripDecoder(DecoderStep):
    """Remove up to ``start`` and ``stop`` of a character from the ends of each token."""

    content: str
    start: int
    stop: int

    takes_tokens_alone: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Strip each token."""
        return [self._stripped(token) for token in tokens]

    def _stripped(self, token: str) -> str:
        size = len(token)
        left = min(size - len(token.lstrip(self.content)), self.start)
        right = min(size - len(token.rstrip(self.content)), self.stop)
        return token[left : max(left, size - right)]

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("Strip", content=self.content, start=self.start, stop=self.stop)

    def stream_of_one(self) -> StepStream:
        """Both ends, where one character is stripped."""
        if len(self.content) == 1:
            return StrippedEnds(self.content, self.start, self.stop)
        return HeldTokens(self, joined=True)


@saved_as("decoders.ReplaceDecoder")
@dataclass(frozen=True, slots=True)
class ReplaceDecoder(DecoderStep):
    """Replace every match of a pattern in each token."""

    pattern: TextPattern
    content: str

    takes_tokens_alone: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Change each token."""
        return [self.pattern.replace(token, self.content) for token in tokens]

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return components.replacing(self.pattern.to_tokenizer_json(), self.content)

    def stream_of_one(self) -> StepStream:
        """Each part by itself, where what is replaced is one character."""
        if self.pattern.is_one_character:
            return EachToken(lambda part: self([part]))
        return HeldTokens(self, joined=True)


@saved_as("decoders.WordPieceDecoder")
@dataclass(frozen=True, slots=True)
class WordPieceDecoder(DecoderStep):
    """Continuations lose their prefix, other tokens get a space before them."""

    prefix: str
    cleanup: bool

    looks_back: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Change each token."""
        spaced = [self._spaced(token) if place else token for place, token in enumerate(tokens)]
        if not self.cleanup:
            return spaced
        cleaned = {token: clean_up(token) for token in set(spaced)}
        return [cleaned[token] for token in spaced]

    def _spaced(self, token: str) -> str:
        if token.startswith(self.prefix):
            return token[len(self.prefix) :]
        return f" {token}"

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("WordPiece", prefix=self.prefix, cleanup=self.cleanup)


@saved_as("decoders.BPEDecoder")
@dataclass(frozen=True, slots=True)
class BPEDecoder(DecoderStep):
    """The suffix that ends a word becomes a space, and nothing at the end of the text."""

    suffix: str

    def __call__(self, tokens: list[str]) -> list[str]:
        """Change each token."""
        last = len(tokens) - 1
        return [
            token.replace(self.suffix, "" if place == last else " ")
            for place, token in enumerate(tokens)
        ]

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("BPEDecoder", suffix=self.suffix)

    def stream(self) -> StepStream:
        """Each token once it is known whether one follows."""
        return OneBehind(self)


@saved_as("decoders.CTCDecoder")
@dataclass(frozen=True, slots=True)
class CTCDecoder(DecoderStep):
    """Connectionist temporal classification: repeated tokens and padding fall out."""

    pad_token: str
    word_delimiter_token: str
    cleanup: bool

    looks_back: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Change each token and drop what becomes empty."""
        result = []
        for place, token in enumerate(tokens):
            if place and token == tokens[place - 1]:
                continue
            text = token.replace(self.pad_token, "")
            if self.cleanup:
                text = clean_up(text).replace(self.word_delimiter_token, " ")
            if text:
                result.append(text)
        return result

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component(
            "CTC",
            pad_token=self.pad_token,
            word_delimiter_token=self.word_delimiter_token,
            cleanup=self.cleanup,
        )


@saved_as("decoders.SpacesDecoder")
@dataclass(frozen=True, slots=True)
class SpacesDecoder(DecoderStep):
    """What happens where a file names no decoder: a space between every two tokens."""

    joins: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Join them."""
        return [" ".join(tokens)]

    def stream(self) -> StepStream:
        """A space before every token but the first."""
        return SpacesBetween()

    def stream_of_one(self) -> StepStream:
        """Each part as it is."""
        return EachToken(lambda part: [part])


def clean_up(text: str) -> str:
    """Undo the spaces that splitting English at punctuation leaves."""
    for old, new in CLEANED:
        text = text.replace(old, new)
    return text


def _read(run: bytes) -> list[str]:
    try:
        return [run.decode()]
    except UnicodeDecodeError:
        return [REPLACEMENT] * len(run)
