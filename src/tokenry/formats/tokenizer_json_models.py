"""Models of a tokenizer.json: pieces, merges and scores, read into a vocabulary and a segmenter.

A file spells pieces; what a spelling stands for depends on the components around the model, so it
is given as a `Spelling`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import add, methodcaller

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import FormatError
from tokenry.formats.json_walk import Node
from tokenry.text.components import Spelling
from tokenry.text.decoders.steps import byte_level_bytes
from tokenry.text.parts import AddedToken, Segmenter
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.unigram import UNKNOWN_PENALTY, UnigramSegmenter
from tokenry.text.segmenters.wordpiece import NO_CONTINUATIONS, WordPieceSegmenter
from tokenry.vocabulary import (
    BYTE_ALPHABET,
    MAX_ID,
    METASPACE,
    Vocabulary,
    from_byte_level,
    from_wordpiece,
    pack_byte_level,
)

Tokens = dict[int, str]
_ALPHABET = frozenset(BYTE_ALPHABET)
_BYTE_TOKENS = {f"<0x{byte:02X}>": bytes([byte]) for byte in range(256)}


@dataclass(frozen=True)
class Model:
    """What a file's model says, before ids of added tokens are known.

    Attributes:
        kind: the model's name.
        tokens: what each id is called.
        unknown: id for what cannot be encoded.
        node: the model in the file.
        byte_tokens: whether tokens such as ``<0x0A>`` are bytes.
        has_unknown: whether it names a token for what cannot be encoded, there or not.
        prefix: what spells a continuation (WordPiece).
        scores: of each id (Unigram).
    """

    kind: str
    tokens: Tokens
    unknown: int | None
    node: Node
    byte_tokens: bool = False
    has_unknown: bool = False
    prefix: str = ""
    scores: Sequence[float] = field(default=())

    @cached_property
    def ids(self) -> dict[str, int]:
        """The id of each token; of equal ones the last."""
        return {text: id_ for id_, text in self.tokens.items()}


def read_model(node: Node) -> Model:
    """Read a model's pieces and settings.

    Raises:
        FormatError: it is malformed.
        UnsupportedError: it asks for what tokenry does not do.
    """
    kind = node.get_text("type") or _guess(node)
    if kind == "Unigram":
        return _read_unigram(node)
    if kind not in ("BPE", "WordPiece", "WordLevel"):
        node.unsupported(f"the model {kind!r} is not supported")
    tokens = _read_vocab(node.need("vocab"))
    unknown = _id_of(tokens, node.get_text("unk_token"))
    if kind == "BPE":
        _refuse_bpe_settings(node)
        named = node.get("unk_token") is not None
        return Model(kind, tokens, unknown, node, _has_byte_tokens(node, tokens), named)
    if kind == "WordLevel":
        return Model(kind, tokens, unknown, node, prefix=NO_CONTINUATIONS)
    prefix = node.get_text("continuing_subword_prefix")
    prefix = "##" if prefix is None else prefix
    for text in tokens.values():
        if text.startswith(prefix + " "):
            node.unsupported(f"the piece {text!r} continues a word with a space")
    return Model(kind, tokens, unknown, node, prefix=prefix)


def _guess(node: Node) -> str:
    # Files of the first releases do not name the model.
    if node.get("merges") is not None:
        return "BPE"
    if node.get("vocab") is not None and isinstance(node.need("vocab").value, list):
        return "Unigram"
    return "WordPiece" if node.get("continuing_subword_prefix") is not None else "WordLevel"


def _refuse_bpe_settings(node: Node) -> None:
    dropout = node.get("dropout")
    if dropout is not None and dropout.number() != 0:
        node.unsupported(
            f"dropout {dropout.number()} gives other ids at every call; set it to null to load it"
        )
    for key in ("continuing_subword_prefix", "end_of_word_suffix"):
        if node.get_text(key):
            node.unsupported(f"{key} {node.get_text(key)!r} is not supported")


def _read_vocab(node: Node) -> Tokens:
    read = node.object()
    # Most files list their ids in order.
    if list(read.values()) == list(range(len(read))) and set(map(type, read.values())) <= {int}:
        tokens: Tokens = dict(enumerate(read))
        _check_texts(read, node)
        return tokens
    tokens = {}
    for text, id_ in read.items():
        if type(id_) is not int or not 0 <= id_ <= MAX_ID:
            raise FormatError(f"{node.path}: {text!r} has the id {id_!r}, not 0 to {MAX_ID}")
        if id_ in tokens:
            raise FormatError(f"{node.path}: id {id_} is both {tokens[id_]!r} and {text!r}")
        tokens[id_] = text
    _check_texts(tokens.values(), node)
    return tokens


def _check_texts(texts: Sequence[str] | object, node: Node) -> None:
    try:
        "".join(texts).encode()  # type: ignore[arg-type]
    except UnicodeEncodeError as error:
        raise FormatError(f"{node.path}: a piece has a lone surrogate ({error})") from None


def _id_of(tokens: Tokens, text: str | None) -> int | None:
    if text is None:
        return None
    return next((id_ for id_, each in tokens.items() if each == text), None)


def _has_byte_tokens(node: Node, tokens: Tokens) -> bool:
    if not node.get_flag("byte_fallback", False):
        return False
    texts = set(tokens.values())
    found = len(texts & _BYTE_TOKENS.keys())
    if found in (0, 256):
        return found == 256
    # Bytes that are characters with a piece of their own are never fallen back to.
    needed = (byte for text, byte in _BYTE_TOKENS.items() if text not in texts)
    if any(not byte.isascii() or byte.decode() not in texts for byte in needed):
        node.unsupported(f"byte_fallback with {found} of the 256 tokens <0x00> to <0xFF>")
    return True


def _read_unigram(node: Node) -> Model:
    rows = node.need("vocab")
    tokens, scores = _plain_scores(rows) or _read_scores(rows)
    unknown = node.get("unk_id")
    id_of_unknown = None if unknown is None else unknown.integer(len(tokens) - 1)
    byte_tokens = _has_byte_tokens(node, tokens)
    if byte_tokens and id_of_unknown is not None and tokens[id_of_unknown] in _BYTE_TOKENS:
        id_of_unknown = None  # named only because a file must; bytes leave nothing unknown
    return Model("Unigram", tokens, id_of_unknown, node, byte_tokens, scores=scores)


def _read_scores(node: Node) -> tuple[Tokens, list[float]]:
    tokens: Tokens = {}
    scores: list[float] = []
    for id_, entry in enumerate(node.items()):
        pair = list(entry.items())
        if len(pair) != 2:
            entry.fail("a piece and its score")
        tokens[id_] = pair[0].text()
        scores.append(pair[1].number())
    return tokens, scores


def _plain_scores(node: Node) -> tuple[Tokens, list[float]] | None:
    """The same where nothing is amiss, in a fifth of the time."""
    rows = node.value
    if not isinstance(rows, list) or any(
        type(row) is not list or list(map(type, row)) != [str, float] for row in rows
    ):
        return None
    texts, scores = [row[0] for row in rows], [row[1] for row in rows]
    if not np.isfinite(scores).all():
        return None
    _check_texts(texts, node)
    return dict(enumerate(texts)), scores


# The vocabulary


def make_vocabulary(
    model: Model, added: Sequence[AddedToken], spelling: Spelling, spelled: Mapping[int, str]
) -> Vocabulary:
    """The vocabulary of a model and its added tokens; ``spelled`` is what decoding calls ids."""
    base, others = _byte_level_base(model, spelling)
    pieces: dict[int, bytes | None] = {}
    roles: dict[int, str] = {}
    for id_, text in others.items():
        pieces[id_], role = _piece(text, model, spelling)
        if role:
            roles[id_] = role
    for token in added:
        text = spelled[token.id]
        if roles.get(token.id) == "byte":
            continue  # the model falls back to it, whatever it is called besides
        if token.special or token.id not in model.tokens:
            pieces[token.id] = byte_level_bytes(text) if spelling == "bytes" else text.encode()
            roles[token.id] = "special" if token.special else "added"
    if model.unknown is not None:
        roles[model.unknown] = "unknown"
    if base is None:
        return Vocabulary.from_ids(pieces, roles)
    known = {id_: base[id_] for id_ in pieces if id_ < len(base)}
    if any(piece not in (None, pieces[id_]) for id_, piece in known.items()):
        return Vocabulary.from_ids({**dict(enumerate(base.pieces)), **pieces}, roles)
    more = {id_: piece for id_, piece in pieces.items() if piece and known.get(id_) is None}
    return base.with_ids(more, roles)


def _byte_level_base(model: Model, spelling: Spelling) -> tuple[Vocabulary | None, Tokens]:
    """Tokens in the byte-level alphabet, all read at once, and the others; at best none."""
    tokens = model.tokens
    if spelling != "bytes" or model.byte_tokens or len(tokens) != max(tokens, default=-1) + 1:
        return None, tokens
    texts = [tokens[id_] for id_ in range(len(tokens))]
    others: Tokens = {}
    if not _ALPHABET.issuperset("".join(texts)):
        others = {id_: text for id_, text in tokens.items() if not _ALPHABET.issuperset(text)}
        for id_ in others:
            texts[id_] = ""
    return Vocabulary.from_packed(*pack_byte_level(texts)), others


def _piece(text: str, model: Model, spelling: Spelling) -> tuple[bytes, str | None]:
    if model.byte_tokens and text in _BYTE_TOKENS:
        return _BYTE_TOKENS[text], "byte"
    if model.kind == "WordLevel":
        return b" " + text.encode(), None
    if model.kind == "WordPiece":
        return from_wordpiece(text, model.prefix), None
    if spelling == "bytes":
        # A token that is not spelled in the alphabet is in the file but in no text.
        known = _ALPHABET.issuperset(text)
        return (from_byte_level(text), None) if known else (text.encode(), "unused")
    if spelling == "marks":
        return text.replace(METASPACE, " ").encode(), "unused" if " " in text else None
    return text.encode(), None


# The segmenter


def make_segmenter(model: Model, vocabulary: Vocabulary, spelling: Spelling) -> Segmenter:
    """The segmenter of a model."""
    if model.kind == "BPE":
        return _byte_pairs(model, vocabulary, spelling)
    if model.kind == "Unigram":
        scores = np.zeros(len(vocabulary))
        scores[: len(model.scores)] = model.scores
        lowest = min(model.scores, default=0.0)
        return UnigramSegmenter(
            vocabulary,
            scores,
            lowest - UNKNOWN_PENALTY,
            unknown=model.unknown,
            byte_fallback=model.byte_tokens,
            arithmetic="transformers",
        )
    longest = model.node.get("max_input_chars_per_word")
    if model.kind == "WordLevel" or longest is None:
        limit = MAX_ID if model.kind == "WordLevel" else 100
    else:
        limit = longest.integer(MAX_ID)
    return WordPieceSegmenter(vocabulary, model.unknown, limit, model.prefix)


def _byte_pairs(model: Model, vocabulary: Vocabulary, spelling: Spelling) -> Segmenter:
    merges, ranks = _read_merges(model, vocabulary)
    return BytePairSegmenter(
        vocabulary,
        merges,
        ranks,
        symbols="bytes" if spelling == "bytes" else "characters",
        byte_fallback=model.byte_tokens,
        unknown=model.unknown,
        fuse_unknown=model.node.get_flag("fuse_unk", False),
        whole_pretokens=model.node.get_flag("ignore_merges", False),
    )


def _read_merges(
    model: Model, vocabulary: Vocabulary
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Merges, shape (m, 3), and their ranks; of one that comes twice the last rank counts."""
    node = model.node.need("merges")
    triples = _merges_at_once(node.value, model)
    if triples is None or "byte" in vocabulary.roles.values():
        return _merges_one_by_one(node, model.ids, vocabulary)
    # Text cannot produce a special, so nothing merges to one or from one.
    kept = vocabulary.matchable_widths()[triples].all(axis=1)
    return triples[kept], np.flatnonzero(kept).astype(np.uint32)


def _merges_at_once(value: object, model: Model) -> NDArray[np.uint32] | None:
    """Left, right and merged ids, or None where anything is not as in most files."""
    if not isinstance(value, list) or not value:
        return None
    kinds = set(map(type, value))
    if kinds == {str} and set(map(methodcaller("count", " "), value)) == {1}:
        if any(map(methodcaller("startswith", "#version"), value)):
            return None
        flat = " ".join(value).split(" ")
    elif kinds == {list} and set(map(len, value)) == {2}:
        flat = list(chain.from_iterable(value))
        if set(map(type, flat)) != {str}:
            return None
    else:
        return None
    lefts, rights = flat[::2], flat[1::2]
    try:
        left, right = _ids_of(lefts, model), _ids_of(rights, model)
        triples = np.column_stack([left, right, _merged_ids(list(map(add, lefts, rights)), model)])
    except KeyError:
        return None
    pairs = left.astype(np.uint64) << np.uint64(32) | right
    return triples if len(np.unique(pairs)) == len(pairs) else None


def _ids_of(texts: Sequence[str], model: Model) -> NDArray[np.uint32]:
    return np.fromiter(map(model.ids.__getitem__, texts), np.uint32, len(texts))


def _merged_ids(texts: list[str], model: Model) -> NDArray[np.uint32]:
    """Ids of what merges make; in most files these follow one another."""
    first = model.ids[texts[0]]
    following = range(first, first + len(texts))
    if list(map(model.tokens.get, following)) == texts:
        return np.array(following, dtype=np.uint32)
    return _ids_of(texts, model)


def _merges_one_by_one(
    node: Node, ids: Mapping[str, int], vocabulary: Vocabulary
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    matched = vocabulary.matchable_widths()
    found: dict[tuple[int, int], tuple[int, int]] = {}
    rank = -1
    for rank, (left, right) in enumerate(_merge_texts(node)):
        try:
            triple = ids[left], ids[right], ids[left + right]
        except KeyError as error:
            raise FormatError(
                f"{node.path}[{rank}]: {left!r} + {right!r} needs the piece {error}, which is not "
                "in the vocabulary"
            ) from None
        if vocabulary.roles.get(triple[2]) == "byte":
            node.unsupported(
                f"merge {rank} spells {left + right!r}, which is also the byte that byte_fallback "
                "falls back to"
            )
        if all(matched[id_] > 0 for id_ in triple):
            found[triple[:2]] = (rank, triple[2])
    rows = [(*pair, merged) for pair, (_, merged) in found.items()]
    ranks = np.array([rank for rank, _ in found.values()], dtype=np.uint32)
    return np.array(rows, dtype=np.uint32).reshape(-1, 3), ranks


def _merge_texts(node: Node) -> list[tuple[str, str]]:
    if not isinstance(node.value, list):
        node.fail("a list of merges")
    pairs: list[tuple[str, str]] = []
    for place, merge in enumerate(node.value):
        if isinstance(merge, str):
            if merge.startswith("#version"):
                continue
            parts = merge.split(" ")
        else:
            parts = merge if isinstance(merge, list) else []
        if len(parts) != 2 or not all(isinstance(part, str) for part in parts):
            Node(merge, f"{node.path}[{place}]").fail("two pieces, 'a b' or ['a', 'b']")
        pairs.append((parts[0], parts[1]))
    return pairs
