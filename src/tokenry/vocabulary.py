"""Ids and what they stand for: the only place that knows how files spell bytes.

A `Vocabulary` holds *canonical* pieces, so that two tokenizers can be compared byte by byte: the
byte-level alphabet is undone, a SentencePiece mark is a plain space, ``##`` is gone and ``<0x0A>``
is the byte 0x0A.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import VocabularyError

ROLES: Final = frozenset(("special", "unknown", "byte", "unused", "user_defined", "added"))
# Ids of these roles never come out of a segmenter by matching their piece in text.
UNMATCHED_ROLES: Final = frozenset(("special", "unknown", "unused", "added"))
METASPACE: Final = "\u2581"
MAX_ID: Final = 2**31 - 1
Packed = tuple[bytes, NDArray[np.uint64]]


class Vocabulary:
    """The pieces and the roles of ids 0 to n - 1.

    Args:
        pieces: canonical bytes by id; None (or empty) where an id stands for no bytes, a hole.
            A special has the bytes that decoding it writes.
        roles: the ids that are not ordinary pieces: ``special`` (only by permission or by a
            template), ``unknown`` (stands for what cannot be encoded), ``byte`` (a fallback byte),
            ``unused`` (reserved by the file), ``user_defined`` (matched in text before all else),
            ``added`` (the same, and never by the segmenter).

    Raises:
        VocabularyError: a role that is not one of these, or of an id that does not exist.
    """

    __slots__ = ("_fingerprint", "_ids", "_packed", "_pieces", "roles")

    roles: Mapping[int, str]

    def __init__(
        self, pieces: Iterable[bytes | None], roles: Mapping[int, str] | None = None
    ) -> None:
        self._start(tuple(piece or None for piece in pieces), None, roles)

    def _start(
        self,
        pieces: tuple[bytes | None, ...] | None,
        packed: Packed | None,
        roles: Mapping[int, str] | None,
    ) -> None:
        # One of the two forms is given and makes the other when it is first asked for: 200,000
        # pieces are 10 MB and 10 ms more as objects.
        self._pieces = pieces
        self._packed = packed
        self.roles = MappingProxyType(dict(sorted((roles or {}).items())))
        self._ids: dict[bytes, int] | None = None
        self._fingerprint: str | None = None
        size = len(self)
        for id_, role in self.roles.items():
            if role not in ROLES:
                raise VocabularyError(f"id {id_} has role {role!r}; roles are {sorted(ROLES)}")
            if not 0 <= id_ < size:
                raise VocabularyError(
                    f"role {role!r} is given to id {id_}, but ids end at {size - 1}"
                )

    @classmethod
    def from_packed(
        cls, run: bytes, offsets: NDArray[np.uint64], roles: Mapping[int, str] | None = None
    ) -> Vocabulary:
        """Build from what `packed` gives: piece ``i`` is ``run[offsets[i]:offsets[i + 1]]``."""
        vocabulary = cls.__new__(cls)
        vocabulary._start(None, (run, offsets), roles)
        return vocabulary

    @classmethod
    def from_ids(
        cls, pieces: Mapping[int, bytes | None], roles: Mapping[int, str] | None = None
    ) -> Vocabulary:
        """Build from id -> piece; ids that are not named are holes."""
        size = 1 + max(max(pieces, default=-1), max(roles or (), default=-1))
        check_range(min(pieces, default=0), size, len(pieces))
        return cls((pieces.get(id_) for id_ in range(size)), roles)

    def with_ids(self, pieces: Mapping[int, bytes | None], roles: Mapping[int, str]) -> Vocabulary:
        """The same with these pieces at their ids, new ones too, and with these roles instead."""
        size = max(len(self), 1 + max(max(pieces, default=-1), max(roles, default=-1)))
        check_range(min(pieces, default=0), size, len(self) + len(pieces))
        run, offsets = self.packed()
        widths = np.zeros(size, dtype=np.uint64)
        widths[: len(self)] = np.diff(offsets)
        parts: list[bytes] = []
        at = 0
        ids = sorted(pieces)
        begins = offsets[np.minimum(ids, len(self))].tolist() if ids else []
        ends = offsets[np.minimum(ids, len(self) - 1) + 1].tolist() if ids and len(self) else begins
        for id_, begin, end in zip(ids, begins, ends, strict=True):
            parts += run[at:begin], pieces[id_] or b""
            at = end
        widths[ids] = [len(part) for part in parts[1::2]]
        return Vocabulary.from_packed(
            b"".join([*parts, run[at:]]), np.append(offsets[:1], np.cumsum(widths)), roles
        )

    @property
    def pieces(self) -> tuple[bytes | None, ...]:
        """Canonical bytes by id; None where an id stands for no bytes."""
        if self._pieces is None:
            self._pieces = tuple(piece or None for piece in unpack(*self.packed()))
        return self._pieces

    def __len__(self) -> int:
        return len(self.packed()[1]) - 1 if self._pieces is None else len(self._pieces)

    def __getitem__(self, id_: int) -> bytes | None:
        self.check_id(id_)
        if self._pieces is not None:
            return self._pieces[id_]
        run, offsets = self.packed()
        return run[int(offsets[id_]) : int(offsets[id_ + 1])] or None

    def __contains__(self, piece: object) -> bool:
        return piece in self._index()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Vocabulary):
            return NotImplemented
        return self.pieces == other.pieces and self.roles == other.roles

    def __hash__(self) -> int:
        return hash(self.fingerprint())

    def __repr__(self) -> str:
        return f"Vocabulary({len(self)} ids, {len(self.roles)} with a role)"

    def __reduce__(self) -> tuple[object, ...]:
        return (Vocabulary, (self.pieces, dict(self.roles)))

    def check_id(self, id_: int) -> int:
        """Return ``id_`` if it is an id of this vocabulary.

        Raises:
            VocabularyError: it is not; the message names the id and the size.
        """
        if not 0 <= id_ < len(self):
            raise VocabularyError(
                f"id {id_} is not in this vocabulary of {len(self)} ids (0 to {len(self) - 1})"
            )
        return id_

    def id_of(self, piece: bytes) -> int:
        """The id of a piece: an ordinary one before a fallback byte, a special last.

        Raises:
            VocabularyError: no id has this piece.
        """
        try:
            return self._index()[piece]
        except KeyError:
            raise VocabularyError(
                f"{piece!r} is not a piece of this vocabulary of {len(self)} ids; "
                "encode it, or ask `piece in vocabulary` first"
            ) from None

    def _index(self) -> dict[bytes, int]:
        if self._ids is None:
            # What is put in later wins: specials first, ordinary pieces last, low ids after high.
            ordinary = list(self.pieces)
            index: dict[bytes | None, int] = {}
            by_rank = sorted(self.roles, key=lambda id_: (-self._rank(id_), -id_))
            for id_ in by_rank:
                index[self.pieces[id_]] = id_
                ordinary[id_] = None
            index.update(zip(reversed(ordinary), range(len(ordinary) - 1, -1, -1), strict=True))
            index.pop(None, None)
            self._ids = cast("dict[bytes, int]", index)
        return self._ids

    def _rank(self, id_: int) -> int:
        return {"user_defined": 1, "byte": 2}.get(self.roles[id_], 3)

    def ids_with(self, role: str) -> tuple[int, ...]:
        """Ids of one role, ascending."""
        return tuple(id_ for id_, each in self.roles.items() if each == role)

    def matchable(self) -> tuple[bytes | None, ...]:
        """Pieces that matching text can produce: None for holes, specials, unknown and unused."""
        pieces = list(self.pieces)
        for id_, role in self.roles.items():
            if role in UNMATCHED_ROLES:
                pieces[id_] = None
        return tuple(pieces)

    def packed(self, without: Iterable[int] = ()) -> Packed:
        """All pieces in one run, and offsets: piece ``i`` is ``run[offsets[i]:offsets[i + 1]]``.

        The ids ``without`` are given no bytes.
        """
        if self._packed is None:
            assert self._pieces is not None
            self._packed = pack(self._pieces)
        gone = sorted(without)
        if not gone:
            return self._packed
        run, offsets = self._packed
        kept, at = [], 0
        for begin, end in zip(offsets[gone].tolist(), offsets[1:][gone].tolist(), strict=True):
            kept.append(run[at:begin])
            at = end
        widths = np.diff(offsets)
        widths[gone] = 0
        return b"".join([*kept, run[at:]]), np.concatenate([offsets[:1], np.cumsum(widths)])

    def matchable_widths(self) -> NDArray[np.int64]:
        """Bytes of each of `matchable`, 0 for none; shape (n,)."""
        widths = np.diff(self.packed()[1]).astype(np.int64)
        widths[self._unmatched()] = 0
        return widths

    def _unmatched(self) -> list[int]:
        return [id_ for id_, role in self.roles.items() if role in UNMATCHED_ROLES]

    def single_bytes(self) -> frozenset[int]:
        """Bytes that are pieces of their own which text can produce."""
        run, offsets = self.packed(without=self._unmatched())
        singles = offsets[:-1][np.diff(offsets) == 1]
        return frozenset(np.frombuffer(run, np.uint8)[singles.astype(np.int64)].tolist())

    def holes(self) -> tuple[int, ...]:
        """Ids that stand for no bytes and have no role."""
        return tuple(
            id_ for id_, piece in enumerate(self.pieces) if piece is None and id_ not in self.roles
        )

    def duplicates(self) -> dict[bytes, tuple[int, ...]]:
        """Pieces of more than one id, with all their ids."""
        found: dict[bytes, list[int]] = {}
        for id_, piece in enumerate(self.pieces):
            if piece is not None:
                found.setdefault(piece, []).append(id_)
        return {piece: tuple(ids) for piece, ids in found.items() if len(ids) > 1}

    def partial_utf8(self) -> tuple[int, ...]:
        """Ids whose piece is not valid UTF-8 on its own."""
        return tuple(
            id_ for id_, piece in enumerate(self.pieces) if piece is not None and not is_utf8(piece)
        )

    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, over ids, pieces and roles.

        The digest is of ``tokenry-vocabulary-1\\n``, then one line an id: ``piece role\\n`` with
        the piece in lower-case hexadecimal (empty for none) and the role's name (empty for none).
        """
        if self._fingerprint is None:
            import hashlib  # loads OpenSSL, as long as a tenth of all modules

            digest = hashlib.sha256(b"tokenry-vocabulary-1\n")
            digest.update(
                b"".join(
                    b"%b %b\n" % ((piece or b"").hex().encode(), self._role_name(id_))
                    for id_, piece in enumerate(self.pieces)
                )
            )
            self._fingerprint = digest.hexdigest()
        return self._fingerprint

    def _role_name(self, id_: int) -> bytes:
        return self.roles.get(id_, "").encode()

    def truncate(self, size: int) -> Vocabulary:
        """The first ``size`` ids, unchanged: vocabularies that nest share ids.

        Raises:
            VocabularyError: ``size`` is not between 1 and the size of this vocabulary.
        """
        if not 1 <= size <= len(self):
            raise VocabularyError(
                f"cannot truncate a vocabulary of {len(self)} ids to {size}; "
                f"give a size from 1 to {len(self)}"
            )
        roles = {id_: role for id_, role in self.roles.items() if id_ < size}
        return Vocabulary(self.pieces[:size], roles)


def check_range(lowest: int, size: int, count: int) -> None:
    """Refuse gaps between ids, by which a file of a few lines makes a list of billions of holes.

    Raises:
        VocabularyError: an id is negative, or gaps dominate.
    """
    if lowest < 0 or size > 64 * (count + 2**16):
        raise VocabularyError(
            f"ids range from {lowest} to {size - 1} for {count} pieces; "
            "ids must not be negative and the gaps between them not dominate"
        )


def pack(pieces: Sequence[bytes | None]) -> Packed:
    """Join pieces into one run of bytes with n + 1 offsets, the form that the core reads."""
    offsets = np.zeros(len(pieces) + 1, dtype=np.uint64)
    np.cumsum([len(piece or b"") for piece in pieces], out=offsets[1:])
    return b"".join(piece or b"" for piece in pieces), offsets


def unpack(run: bytes, offsets: Sequence[int] | NDArray[np.uint64]) -> list[bytes]:
    """Undo `pack`."""
    ends = np.asarray(offsets).tolist()
    return [run[begin:end] for begin, end in pairwise(ends)]


def is_utf8(piece: bytes) -> bool:
    """Whether the bytes are valid UTF-8."""
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _byte_alphabet() -> tuple[str, ...]:
    # GPT-2 (Radford et al., 2019): printable Latin-1 bytes are themselves, the others in order
    # take the code points from 256 on.
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(256, 512))
    return tuple(chr(byte if byte in printable else next(others)) for byte in range(256))


BYTE_ALPHABET: Final = _byte_alphabet()
"""The printable character that stands for each byte in byte-level vocabularies."""

# Bytes in the order in which GPT-2 numbers them: the printable ones first.
BYTE_LEVEL_ORDER: Final = tuple(sorted(range(256), key=lambda byte: ord(BYTE_ALPHABET[byte])))
_BYTES_OF = {ord(character): byte for byte, character in enumerate(BYTE_ALPHABET)}
_BYTE_OF_CODE = np.array([_BYTES_OF.get(code, -1) for code in range(max(_BYTES_OF) + 1)], np.int16)
_FALLBACK = re.compile(r"<0x([0-9A-Fa-f]{2})>")


def from_byte_level(text: str) -> bytes:
    """Bytes that byte-level ``text`` spells (Ġ is a space).

    Raises:
        VocabularyError: a character is not of the byte-level alphabet.
    """
    try:
        return bytes([_BYTES_OF[ord(character)] for character in text])
    except KeyError as error:
        raise VocabularyError(
            f"{text!r} is not byte-level: {chr(error.args[0])!r} stands for no byte"
        ) from None


def pack_byte_level(texts: Sequence[str]) -> Packed:
    """What `from_byte_level` makes of each text, packed; for whole vocabularies at once.

    Raises:
        VocabularyError: a character is not of the byte-level alphabet.
    """
    try:
        codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
        run = _BYTE_OF_CODE[codes]
    except (UnicodeEncodeError, IndexError):
        run = np.array([-1])
    if run.size and run.min() < 0:
        for text in texts:
            from_byte_level(text)
    # One character is one byte.
    offsets = np.zeros(len(texts) + 1, dtype=np.uint64)
    np.cumsum(np.fromiter(map(len, texts), np.uint64, len(texts)), out=offsets[1:])
    return run.astype(np.uint8).tobytes(), offsets


def to_byte_level(piece: bytes) -> str:
    """Spell bytes in the byte-level alphabet."""
    return "".join([BYTE_ALPHABET[byte] for byte in piece])


def from_metaspace(text: str) -> bytes:
    """Undo SentencePiece's mark of a space."""
    return text.replace(METASPACE, " ").encode()


def to_metaspace(piece: bytes) -> str:
    """Write spaces as SentencePiece does."""
    return piece.decode().replace(" ", METASPACE)


def from_wordpiece(text: str, prefix: str = "##") -> bytes:
    """WordPiece: a continuation loses its prefix, the start of a word gets a space."""
    return text[len(prefix) :].encode() if text.startswith(prefix) else b" " + text.encode()


def to_wordpiece(piece: bytes, prefix: str = "##") -> str:
    """Undo `from_wordpiece`."""
    text = piece.decode()
    return text[1:] if text.startswith(" ") else prefix + text


def fallback_byte(text: str) -> int | None:
    """The byte that ``<0x0A>`` names, or None where ``text`` names none."""
    match = _FALLBACK.fullmatch(text)
    return int(match[1], 16) if match else None
