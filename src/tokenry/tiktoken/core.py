"""`Encoding`: every public method of tiktoken's, with its defaults and its exceptions."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Literal, NoReturn

import numpy as np
from numpy.typing import NDArray

from tokenry.arguments import checked, explaining
from tokenry.errors import ArgumentError, EncodeError, FormatError, VocabularyError
from tokenry.formats.tiktoken import cut_by, of_pieces
from tokenry.text.pretokenizers.split_patterns import PATTERNS
from tokenry.tiktoken.unstable import UnstableEnd
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

All = Literal["all"]
NONE: frozenset[str] = frozenset()


@explaining
class Encoding:
    """What tiktoken calls a tokenizer: text to ids and back, and a policy for specials in text.

    Args:
        name: what to call it.
        pat_str: the regular expression that cuts text, or the name of a pattern that tokenry knows.
        mergeable_ranks: piece -> rank, which is its id and its place in the order of merges.
        special_tokens: special -> id; two may share an id.
        explicit_n_vocab: how many ids there are, to be checked.

    Raises:
        FormatError: a ValueError; two pieces have one rank, a special has that of a piece, or
            ranks are no ids.
        UnsupportedError: a ValueError; the pattern does not compile.
        AssertionError: there are not ``explicit_n_vocab`` ids.
    """

    def __init__(
        self,
        name: str,
        *,
        pat_str: str,
        mergeable_ranks: dict[bytes, int],
        special_tokens: dict[str, int],
        explicit_n_vocab: int | None = None,
    ) -> None:
        pieces = {rank: piece for piece, rank in mergeable_ranks.items()}
        if len(pieces) < len(mergeable_ranks):
            raise FormatError(
                f"mergeable_ranks has {len(mergeable_ranks)} pieces and {len(pieces)} ranks; every "
                "piece needs a rank of its own"
            )
        self._start(name, pat_str, Vocabulary.from_ids(pieces), special_tokens)
        self.__dict__["_mergeable_ranks"] = mergeable_ranks
        if explicit_n_vocab:
            assert len(mergeable_ranks) + len(special_tokens) == explicit_n_vocab
            assert self.max_token_value == explicit_n_vocab - 1

    @classmethod
    def of_pieces(
        cls,
        name: str,
        pat_str: str,
        pieces: Vocabulary,
        special_tokens: Mapping[str, int],
        *,
        found_again: bool = False,
    ) -> Encoding:
        """The same from a vocabulary; ``found_again``: `get_encoding` finds it by its name."""
        encoding = cls.__new__(cls)
        encoding._start(name, pat_str, pieces, dict(special_tokens))
        encoding._found_again = found_again
        return encoding

    def _start(
        self, name: str, pattern: str, pieces: Vocabulary, special_tokens: dict[str, int]
    ) -> None:
        self.name = name
        self._pat_str = PATTERNS.get(pattern, pattern)
        self._special_tokens = special_tokens
        self._pieces = pieces
        self._found_again = False
        self.max_token_value = max(len(pieces) - 1, max(special_tokens.values(), default=0))
        self.tokenizer = Tokenizer.of(of_pieces(pieces, cut_by(pattern), special_tokens, name=name))
        self._special_token_values = set(special_tokens.values())
        self._find_special = _finder(frozenset(special_tokens))

    def __repr__(self) -> str:
        return f"<Encoding {self.name!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        if self._found_again:
            return (_by_name, (self.name,))
        return (_rebuilt, (self.name, self._pat_str, self._pieces, self._special_tokens))

    @functools.cached_property
    def _mergeable_ranks(self) -> dict[bytes, int]:
        pieces = self._pieces.pieces
        return {piece: rank for rank, piece in enumerate(pieces) if piece is not None}

    @functools.cached_property
    def _unstable(self) -> UnstableEnd:
        return UnstableEnd(self.tokenizer)

    # Encoding

    def encode_ordinary(self, text: str) -> list[int]:
        """Ids of a text in which specials are text."""
        if not isinstance(text, str):
            raise TypeError(f"text must be a str, not {type(text).__name__}")
        return self.tokenizer.encode(text)

    def encode(
        self,
        text: str,
        *,
        allowed_special: All | AbstractSet[str] = NONE,
        disallowed_special: All | Collection[str] = "all",
    ) -> list[int]:
        """Ids of a text.

        Args:
            text: a str; a lone surrogate is read as U+FFFD.
            allowed_special: specials that are recognised.
            disallowed_special: specials that must not occur; "all" are those not allowed. With
                ``()`` what is not allowed is ordinary text.

        Raises:
            ValueError: a disallowed special occurs.
        """
        allowed = self._admit(text, allowed_special, disallowed_special)
        return self.tokenizer.encode(text, allowed_special=allowed)

    def encode_to_numpy(
        self,
        text: str,
        *,
        allowed_special: All | AbstractSet[str] = NONE,
        disallowed_special: All | Collection[str] = "all",
    ) -> NDArray[np.uint32]:
        """What `encode` gives as an array, shape (k,)."""
        allowed = self._admit(text, allowed_special, disallowed_special)
        return self.tokenizer.encode_to_numpy(text, allowed_special=allowed)

    @checked
    def encode_ordinary_batch(
        self, text: Iterable[str], *, num_threads: int = 8
    ) -> list[list[int]]:
        """`encode_ordinary` of many texts, on threads."""
        texts = list(text)
        for each in texts:
            if not isinstance(each, str):
                raise TypeError(f"text must be a str, not {type(each).__name__}")
        return self.tokenizer.encode_batch(texts, threads=_threads(num_threads)).to_lists()

    @checked
    def encode_batch(
        self,
        text: Iterable[str],
        *,
        num_threads: int = 8,
        allowed_special: All | AbstractSet[str] = NONE,
        disallowed_special: All | Collection[str] = "all",
    ) -> list[list[int]]:
        """`encode` of many texts, on threads."""
        texts, threads = list(text), _threads(num_threads)
        allowed = self._admit("", allowed_special, disallowed_special)
        for each in texts:
            self._admit(each, allowed_special, disallowed_special)
        return self.tokenizer.encode_batch(
            texts, threads=threads, allowed_special=allowed
        ).to_lists()

    def encode_with_unstable(
        self,
        text: str,
        *,
        allowed_special: All | AbstractSet[str] = NONE,
        disallowed_special: All | Collection[str] = "all",
    ) -> tuple[list[int], list[list[int]]]:
        """Ids that stay whatever follows, and what the rest of the text may become.

        Returns:
            the stable ids, and sequences of ids each of which, after them, begins with all of the
            text.
        """
        allowed = self._admit(text, allowed_special, disallowed_special)
        return self._unstable.encode(text, allowed)

    def encode_single_token(self, text_or_bytes: str | bytes) -> int:
        """The id whose piece, or whose special, this is exactly.

        Raises:
            KeyError: there is none.
        """
        data = text_or_bytes.encode() if isinstance(text_or_bytes, str) else text_or_bytes
        if not isinstance(data, bytes):
            raise TypeError(f"a token is given as str or bytes, not {type(data).__name__}")
        found = self._ids.get(data)
        if found is None:
            raise KeyError(data)
        return found

    @functools.cached_property
    def _ids(self) -> dict[bytes, int]:
        specials = {content.encode(): id_ for content, id_ in self._special_tokens.items()}
        return {**specials, **self._mergeable_ranks}

    def _admit(
        self, text: str, allowed: All | AbstractSet[str], disallowed: All | Collection[str]
    ) -> AbstractSet[str]:
        """The specials to recognise; ValueError where ``text`` has one that it must not."""
        if allowed is None:
            raise ArgumentError("allowed_special None; expected 'all' or a set of specials")
        if not allowed and isinstance(disallowed, str) and disallowed == "all":
            find, allowed = self._find_special, NONE
        else:
            if isinstance(allowed, str) and allowed == "all":
                allowed = self.special_tokens_set
            if isinstance(disallowed, str) and disallowed == "all":
                disallowed = self.special_tokens_set - allowed
            find = _finder(frozenset(disallowed))
            allowed = self.special_tokens_set & allowed
        found = find(text)
        if found is not None:
            _refuse(found.group())
        return allowed

    # Decoding

    def decode_bytes(self, tokens: Sequence[int]) -> bytes:
        """Bytes that ids stand for.

        Raises:
            KeyError: an id stands for nothing.
        """
        try:
            return self.tokenizer.decode_bytes(tokens)
        except VocabularyError as error:
            for token in tokens:
                _check_width(token)
            raise KeyError(f"Invalid token for decoding: {error}") from None

    def decode(self, tokens: Sequence[int], errors: str = "replace") -> str:
        """Text that ids stand for; ``errors`` is for bytes that are not UTF-8."""
        return self.decode_bytes(tokens).decode("utf-8", errors)

    def decode_single_token_bytes(self, token: int) -> bytes:
        """Bytes of one id.

        Raises:
            KeyError: it stands for nothing.
        """
        pieces = self.tokenizer.vocabulary.pieces
        piece = pieces[token] if 0 <= token < len(pieces) else None
        _check_width(token)
        if piece is None:
            raise KeyError(str(token))
        return piece

    def decode_tokens_bytes(self, tokens: Sequence[int]) -> list[bytes]:
        """Bytes of each id."""
        return [self.decode_single_token_bytes(token) for token in tokens]

    def decode_with_offsets(self, tokens: Sequence[int]) -> tuple[str, list[int]]:
        """Text, and for each id the first character that has a byte of it.

        Raises:
            UnicodeDecodeError: the bytes are not UTF-8.
        """
        pieces = self.decode_tokens_bytes(tokens)
        offsets, characters = [], 0
        for piece in pieces:
            inner = _continues(piece[0])  # it begins inside the character before
            offsets.append(max(0, characters - inner))
            characters += sum(not _continues(byte) for byte in piece)
        return b"".join(pieces).decode("utf-8", "strict"), offsets

    @checked
    def decode_batch(
        self, batch: Iterable[Sequence[int]], *, errors: str = "replace", num_threads: int = 8
    ) -> list[str]:
        """`decode` of many sequences of ids."""
        return [
            data.decode("utf-8", errors)
            for data in self.decode_bytes_batch(batch, num_threads=num_threads)
        ]

    @checked
    def decode_bytes_batch(
        self, batch: Iterable[Sequence[int]], *, num_threads: int = 8
    ) -> list[bytes]:
        """`decode_bytes` of many sequences of ids."""
        _threads(num_threads)
        return [self.decode_bytes(tokens) for tokens in batch]

    # What it has

    def token_byte_values(self) -> list[bytes]:
        """All pieces, without specials, sorted."""
        return sorted(self._mergeable_ranks)

    @property
    def eot_token(self) -> int:
        """The id of ``<|endoftext|>``; KeyError where there is none."""
        return self._special_tokens["<|endoftext|>"]

    @functools.cached_property
    def special_tokens_set(self) -> set[str]:
        """All specials."""
        return set(self._special_tokens)

    def is_special_token(self, token: int) -> bool:
        """Whether an id is that of a special."""
        assert isinstance(token, int)
        return token in self._special_token_values

    @property
    def n_vocab(self) -> int:
        """One more than the highest id."""
        return self.max_token_value + 1

    # What tiktoken has without promising it, and people call

    def _encode_single_piece(self, text_or_bytes: str | bytes) -> list[int]:
        data = text_or_bytes.encode() if isinstance(text_or_bytes, str) else text_or_bytes
        return self.tokenizer.encode_pretokens([data])[0].tolist()  # type: ignore[no-any-return]

    def _encode_only_native_bpe(self, text: str) -> list[int]:
        return self.encode_ordinary(text)

    def _encode_bytes(self, text: bytes) -> list[int]:
        return self._unstable.encode_bytes(text)


def _by_name(name: str) -> Encoding:
    from importlib import import_module

    # The registry makes encodings, so it is named only here.
    found: Encoding = import_module("tokenry.tiktoken").get_encoding(name)
    return found


def _rebuilt(
    name: str, pattern: str, pieces: Vocabulary, special_tokens: dict[str, int]
) -> Encoding:
    return Encoding.of_pieces(name, pattern, pieces, special_tokens)


@functools.lru_cache(maxsize=128)
def _finder(specials: frozenset[str]) -> Callable[[str], re.Match[str] | None]:
    """What finds the first of these texts in a text."""
    if not specials:
        return _find_nothing
    # Sorted, so that the longest of those that begin alike is named in the error.
    longest_first = sorted(specials, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))).search


def _find_nothing(text: str) -> None:
    if not isinstance(text, str):
        raise TypeError(f"text must be a str, not {type(text).__name__}")


def _refuse(special: str) -> NoReturn:
    raise EncodeError(
        f"the text has the special {special!r}, which is disallowed. To encode it as a special, "
        f"pass allowed_special={{{special!r}, ...}}; to encode it as ordinary text, pass "
        f"disallowed_special=(enc.special_tokens_set - {{{special!r}}}), or disallowed_special=() "
        "for all specials"
    )


def _continues(byte: int) -> bool:
    """Whether a byte of UTF-8 is not the first of its character."""
    return 0x80 <= byte < 0xC0


def _check_width(token: int) -> None:
    if not 0 <= token < 2**32:
        raise OverflowError(f"id {token} does not fit in 32 bits without a sign")


def _threads(number: int) -> int:
    if number < 1:
        raise ValueError(f"num_threads is {number}; expected one or more")
    return number
