"""Published vocabularies: their tokens, what these are made of, and which languages use them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.measuring import qtok_tables
from experiments.measuring.qtok_tables import Users
from tokenry.measuring.languages import LanguageMakeUp, by_language
from tokenry.measuring.vocabulary import MakeUp, by_role, by_script
from tokenry.tokenizer import Tokenizer

ENGLISH: Final = "eng_Latn"
LATIN: Final = "_Latn"


@dataclass(frozen=True)
class Model:
    """A tokenizer, its decoded tokens, and what it is made of."""

    tokens: list[str]
    roles: MakeUp
    scripts: MakeUp
    used: dict[str, int]  # ids by language
    languages: LanguageMakeUp  # of the tokens that Qtok counts

    @classmethod
    def of(cls, tokenizer: Tokenizer, used: Mapping[str, Sequence[int]], users: Users) -> Model:
        """Measure one tokenizer; nothing depends on any other."""
        tokens = tokens_of(tokenizer)
        counted = (users.get(each, ()) for each in tokens if qtok_tables.is_counted(each))
        return cls(
            tokens,
            by_role(tokenizer.vocabulary),
            by_script(tokenizer.vocabulary),
            {language: len(ids) for language, ids in used.items()},
            by_language(counted),
        )


def ids_by_language(
    tokenizer: Tokenizer, lines: Mapping[str, Sequence[str]]
) -> dict[str, list[int]]:
    """Ids that the lines of each language become."""
    return {
        language: np.unique(tokenizer.encode_batch(each).ids).tolist()
        for language, each in lines.items()
    }


def tokens_of(tokenizer: Tokenizer) -> list[str]:
    """Pieces that are text; specials and bytes that are no whole characters are left out."""
    roles = tokenizer.vocabulary.roles
    texts = []
    for id_, piece in enumerate(tokenizer.vocabulary.pieces):
        if piece and id_ not in roles:
            text = piece.decode("utf-8", "replace")
            if "\ufffd" not in text:
                texts.append(text)
    return texts


def users_of(
    tokenizers: Mapping[str, Tokenizer], used: Mapping[str, Mapping[str, Sequence[int]]]
) -> dict[str, set[str]]:
    """Languages in Latin script whose text any of the tokenizers writes with a token.

    One table for all tokenizers, as the published one is: it differs in nothing but the
    denominator.
    """
    users: defaultdict[str, set[str]] = defaultdict(set)
    for name, tokenizer in tokenizers.items():
        pieces = tokenizer.vocabulary.pieces
        for language, ids in used[name].items():
            if language.endswith(LATIN):
                for id_ in ids:
                    users[(pieces[id_] or b"").decode("utf-8", "replace")].add(language)
    return dict(users)
