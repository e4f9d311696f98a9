"""The vocabulary of a tokenizer.json: the pieces of its model, and its added tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tokenry.formats.tokenizer_json.model import ALPHABET, ModelSection, Tokens
from tokenry.formats.tokenizer_json.names import hole_name
from tokenry.text.components import Spelling
from tokenry.text.decoders.steps import byte_level_bytes
from tokenry.text.parts import AddedToken
from tokenry.vocabulary import Vocabulary, pack_byte_level


def make_vocabulary(
    model: ModelSection, added: Sequence[AddedToken], spelling: Spelling, spelled: Mapping[int, str]
) -> Vocabulary:
    """The vocabulary of a model and its added tokens; ``spelled`` is what decoding calls ids."""
    base, others = _byte_level_base(model, spelling)
    pieces: dict[int, bytes | None] = {}
    roles: dict[int, str] = {}
    for id_, text in others.items():
        if text == hole_name(id_):
            continue
        pieces[id_], role = model.piece(text, spelling)
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


def _byte_level_base(model: ModelSection, spelling: Spelling) -> tuple[Vocabulary | None, Tokens]:
    """Tokens in the byte-level alphabet, all read at once, and the others; at best none."""
    tokens = model.tokens
    if (
        spelling != "bytes"
        or model.has_byte_tokens
        or model.has_affixes
        or len(tokens) != max(tokens, default=-1) + 1
    ):
        return None, tokens
    texts = [tokens[id_] for id_ in range(len(tokens))]
    others: Tokens = {}
    if not ALPHABET.issuperset("".join(texts)):
        others = {id_: text for id_, text in tokens.items() if not ALPHABET.issuperset(text)}
        for id_ in others:
            texts[id_] = ""
    return Vocabulary.from_packed(*pack_byte_level(texts)), others
