"""What changed texts cost a tokenizer: noise of bytes, and sentences of a grammar.

For each kind the tokens a byte beside those of the text as it was, and whether ids still give the
text back. Words in new phrases cost a plain BPE nothing, since it cuts at spaces; a vocabulary with
pieces of several words pays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenry.corpus.augmentation.grammar import LexicalGrammar
from tokenry.corpus.augmentation.noise import BYTE_KINDS, KINDS, noisy
from tokenry.corpus.augmentation.phrases import shallow_trees
from tokenry.errors import CorpusError
from tokenry.results import Result
from tokenry.tokenizer import Tokenizer

PHRASES = "phrases"


@dataclass(frozen=True, slots=True)
class StressResult(Result):
    """What one kind of change costs.

    Attributes:
        kind: a name of `noise.KINDS` or `noise.BYTE_KINDS`, or ``phrases``.
        tokens_per_byte: of the changed texts.
        growth: the same over that of the texts as they were, less one.
        lossless: whether all changed texts come back from their ids.
    """

    kind: str
    tokens_per_byte: float
    growth: float
    lossless: bool


def stress(
    tokenizer: Tokenizer, texts: Sequence[bytes], *, rate: float = 0.02, seed: int = 0
) -> list[StressResult]:
    """All kinds of change, phrases last.

    Raises:
        CorpusError: there is no text.
    """
    if not any(texts):
        raise CorpusError("no text to change; give some")
    changed = {kind: [noisy(text, kind, rate=rate, seed=seed) for text in texts]
               for kind in (*KINDS, *BYTE_KINDS)}  # fmt: skip
    plain = _rate(tokenizer, texts)
    found = [_result(tokenizer, kind, each, plain) for kind, each in changed.items()]
    trees = shallow_trees(text.decode("utf-8", "replace") for text in texts)
    if trees:
        old = [" ".join(tree.words).encode() for tree in trees]
        new = LexicalGrammar.of(trees).sentences(len(trees), seed=seed)
        sentences = [" ".join(tree.words).encode() for tree in new]
        found.append(_result(tokenizer, PHRASES, sentences, _rate(tokenizer, old)))
    return found


def _rate(tokenizer: Tokenizer, texts: Sequence[bytes]) -> float:
    return len(tokenizer.encode_batch(texts).ids) / max(sum(map(len, texts)), 1)


def _result(tokenizer: Tokenizer, kind: str, texts: Sequence[bytes], plain: float) -> StressResult:
    rate = _rate(tokenizer, texts)
    back = [tokenizer.decode_bytes(ids) for ids in tokenizer.encode_batch(texts)]
    return StressResult(kind, rate, rate / plain - 1, back == list(texts))
