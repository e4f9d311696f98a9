"""Added tokens of a tokenizer.json, with the ids that tokenizers gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.model import ModelSection
from tokenry.text.components import Spec
from tokenry.text.normalizers.sequence import NormalizerSequence
from tokenry.text.parts import AddedToken, Normalizer
from tokenry.vocabulary import MAX_ID


def read_added(node: Node | None, model: ModelSection, notes: list[str]) -> tuple[AddedToken, ...]:
    """Added tokens, with the ids that tokenizers gives them.

    It takes the id that the model has for a token's text, and else the next free one, whatever
    the file says, and passes over a token whose text was given before; both with a warning.

    Args:
        node: the section of the file.
        model: its model.
        notes: what a user should know is added here.
    """
    added: list[AddedToken] = []
    given: set[str] = set()
    following = len(model.tokens)
    for entry in node.items() if node is not None else ():
        if entry.need("content").value == "":
            notes.append("an added token without text is passed over")
            continue
        token = _added_token(entry)
        if token.content in given:
            notes.append(f"the added token {token.content!r} is given twice; the first counts")
            continue
        given.add(token.content)
        known = model.tokens.find(token.content)
        expected = following if known is None else known
        if token.id != expected:
            notes.append(
                f"the added token {token.content!r} says id {token.id}; it has {expected}, as in "
                "tokenizers"
            )
            token = replace(token, id=expected)
        following += known is None
        added.append(token)
    return tuple(added)


def specs_of(added: Iterable[AddedToken]) -> list[Spec]:
    """The section of these tokens, by their ids."""
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
        for token in sorted(added, key=lambda token: token.id)
    ]


_FLAGS: Final = ("special", "normalized", "lstrip", "rstrip", "single_word")


def _added_token(node: Node) -> AddedToken:
    return _usual_token(node.value) or _checked_token(node)


def _usual_token(value: object) -> AddedToken | None:
    """The token of an entry that has all keys, each of its type: a fifth of the time."""
    if type(value) is not dict:
        return None
    content, id_ = value.get("content"), value.get("id")
    flags: list[Any] = [value.get(flag) for flag in _FLAGS]
    if type(content) is not str or type(id_) is not int or set(map(type, flags)) != {bool}:
        return None
    usual = content.isprintable() and content and 0 <= id_ <= MAX_ID
    return AddedToken(content, id_, *flags) if usual else None


def _checked_token(node: Node) -> AddedToken:
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
    added: Sequence[AddedToken], normalizers: Sequence[Normalizer]
) -> Mapping[int, str]:
    """What decoding calls added tokens: what the normalizers make of them."""
    normalizer = NormalizerSequence(tuple(normalizers))
    return {
        token.id: normalizer(token.content) if token.normalized else token.content
        for token in added
    }
