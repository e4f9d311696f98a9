"""A tokenizer of words that are listed with their ids, as the slow classes of transformers have it:
what cuts text gives words, each of which the model takes apart or looks up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tokenry.errors import FormatError
from tokenry.formats.added_specials import Specials
from tokenry.formats.files import text_of
from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.model import ModelSection
from tokenry.formats.tokenizer_json.tokens import Tokens
from tokenry.formats.tokenizer_json.vocabulary import make_vocabulary
from tokenry.formats.tokenizer_json.wordpiece import (
    CONTINUATION,
    WordLevelSection,
    WordPieceSection,
)
from tokenry.text.decoders.continued import CleaningDecoder
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.decoders.steps import DecoderStep
from tokenry.text.parts import Normalizer
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer

Around = tuple[str | None, str | None]
"""Uses of the specials before and behind a text."""
WHAT: Final = "vocab.txt"


def read_names(data: bytes) -> dict[int, str]:
    """The line of each id; of a name that comes twice the last line counts.

    Raises:
        FormatError: the file is not UTF-8.
    """
    lines = text_of(data, WHAT).removesuffix("\n").split("\n")
    last = {line: id_ for id_, line in enumerate(lines) if line}
    return {id_: line for line, id_ in sorted(last.items(), key=lambda item: item[1])}


def make_pipeline(
    names: Mapping[int, str],
    specials: Specials,
    *,
    words: str,
    step: DecoderStep,
    around: Around,
    normalizer: Normalizer | None = None,
    pieces: bool = False,
    what: str = WHAT,
) -> Pipeline:
    """The tokenizer of a list.

    Args:
        names: by id.
        specials: those beside it.
        words: a pattern of what the model sees at once.
        step: joins names to text.
        around: what is put around a text.
        normalizer: changes text before ``words`` finds its words.
        pieces: whether words are taken apart, as WordPiece does.
        what: what to call the list in errors.

    Raises:
        FormatError: it has no unknown token.
    """
    ids = {name: id_ for id_, name in names.items()}
    unknown = ids.get(specials.name("unk_token") or "")
    if unknown is None:
        raise FormatError(f"{what} has no {specials.name('unk_token')!r}, the unknown token")
    tokens, node = Tokens.of(names), Node({}, what)
    model: ModelSection = (
        WordPieceSection(tokens, unknown, node, CONTINUATION)
        if pieces
        else WordLevelSection(tokens, unknown, node)
    )
    added = specials.added(ids)
    spelled = {token.id: token.content for token in added}
    vocabulary = make_vocabulary(model, added, "plain", spelled)
    called = {**names, **spelled}
    cleans = specials.values.get("clean_up_tokenization_spaces")
    steps = (step, CleaningDecoder()) if cleans else (step,)
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=model.segmenter(vocabulary, "plain"),
        pretokenizer=RegexPretokenizer(words, behaviour="removed", invert=True),
        normalizer=normalizer,
        added_tokens=added,
        template=specials.template(added, *around),
        decoder=SpelledDecoder(tuple(called.get(id_) for id_ in range(len(vocabulary))), steps),
        lossless=False,
    )
