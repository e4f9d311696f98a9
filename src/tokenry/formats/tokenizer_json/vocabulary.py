"""The vocabulary of a tokenizer.json: the pieces of its model, and its added tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tokenry.formats.tokenizer_json.model import BYTE_TOKENS, ModelSection
from tokenry.formats.tokenizer_json.names import HOLE, hole_name
from tokenry.formats.tokenizer_json.tokens import Tokens
from tokenry.text.components import Spelling
from tokenry.text.decoders.token_bytes import byte_level_bytes
from tokenry.text.parts import AddedToken
from tokenry.vocabulary import Packed, Vocabulary, pack

Roles = dict[int, str]


def make_vocabulary(
    model: ModelSection, added: Sequence[AddedToken], spelling: Spelling, spelled: Mapping[int, str]
) -> Vocabulary:
    """The vocabulary of a model and its added tokens; ``spelled`` is what decoding calls these."""
    changes: dict[int, bytes | None] = {}
    if model.only_spells:
        packed, roles = _spelled_pieces(model.tokens, spelling)
        changes.update(_byte_pieces(model, roles))
    elif model.continuation is not None:
        packed, roles = model.tokens.core.words(model.continuation.encode()), {}
    else:
        packed, roles = pieces_one_by_one(model, spelling)
    for id_ in _holes(model.tokens):
        changes[id_] = None
        roles.pop(id_, None)
    for token in added:
        if roles.get(token.id) == "byte":
            continue  # the model falls back to it, whatever it is called besides
        if token.special or token.id not in model.tokens:
            text = spelled[token.id]
            changes[token.id] = byte_level_bytes(text) if spelling == "bytes" else text.encode()
            roles[token.id] = "special" if token.special else "added"
    if model.unknown is not None:
        roles[model.unknown] = "unknown"
    return Vocabulary.from_packed(*packed).with_ids(changes, roles)


def _spelled_pieces(tokens: Tokens, spelling: Spelling) -> tuple[Packed, Roles]:
    run, offsets, odd = tokens.core.pieces(spelling)
    return (run, offsets), dict.fromkeys(odd.tolist(), "unused")


def pieces_one_by_one(model: ModelSection, spelling: Spelling) -> tuple[Packed, Roles]:
    """Pieces of all tokens of a model, and roles, by its `piece`."""
    roles: Roles = {}
    pieces: list[bytes | None] = [None] * model.tokens.size
    for id_, text in model.tokens.items():
        pieces[id_], role = model.piece(text, spelling)
        if role:
            roles[id_] = role
    return pack(pieces), roles


def _byte_pieces(model: ModelSection, roles: Roles) -> dict[int, bytes]:
    if not model.has_byte_tokens:
        return {}
    found = {model.tokens.find(text): byte for text, byte in BYTE_TOKENS.items()}
    ids = {id_: byte for id_, byte in found.items() if id_ is not None}
    roles.update(dict.fromkeys(ids, "byte"))
    return ids


def _holes(tokens: Tokens) -> list[int]:
    """Ids that go by the name of a hole."""
    if tokens.core.holds(HOLE.encode()):
        return [id_ for id_, text in tokens.items() if text == hole_name(id_)]
    return []
