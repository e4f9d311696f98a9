"""Added tokens of a tokenizer.json, with the ids that tokenizers gives them."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.model import ModelSection
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
    ids = ChainMap[str, int]({}, model.ids)
    following = len(model.tokens)
    for entry in node.items() if node is not None else ():
        token = _added_token(entry)
        if token.content in given:
            notes.append(f"the added token {token.content!r} is given twice; the first counts")
            continue
        given.add(token.content)
        expected = ids.get(token.content, following)
        if token.id != expected:
            notes.append(
                f"the added token {token.content!r} says id {token.id}; it has {expected}, as in "
                "tokenizers"
            )
            token = replace(token, id=expected)
        following += token.content not in ids
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
    model: ModelSection, added: Sequence[AddedToken], normalizers: Sequence[Normalizer]
) -> Mapping[int, str]:
    """What decoding calls each id; an added token goes by what the normalizers make of it."""
    normalizer = NormalizerSequence(tuple(normalizers))
    spelled = dict(model.tokens)
    for token in added:
        spelled[token.id] = normalizer(token.content) if token.normalized else token.content
    return spelled
