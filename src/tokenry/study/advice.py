"""Which tokenizer to take for a model: the tokens it saves against what its rows cost.

A larger vocabulary writes fewer tokens, and each token then pays for a larger output layer. Both
are in the operations of a forward pass for a byte of text (`tokenry.measuring.size`), so these
compare tokenizers of unlike sizes. A published tokenizer has models, data and tools already: it is
kept unless a learnt one saves more than `TOLERANCE`, wherever in its interval the saving lies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tokenry.measuring.size import TOLERANCE, ModelShape, VocabularyCost, vocabulary_cost
from tokenry.study.content import Advice, Saving, StudiedTokenizer

RULE: Final = (
    "of the tokenizers that restored every held-out document, the one with the fewest operations "
    "of a forward pass for a byte; a published one is kept unless the best learnt one saves more "
    f"than {TOLERANCE:.0%} of them, in the whole 95% interval"
)
_ESTIMATOR: Final = "1 - operations for a byte over the other's, paired by document"
TokenSaving = Callable[[str, str], Saving]
"""The share of tokens that the first of two tokenizers saves against the second, by name."""


def advise(
    tokenizers: Sequence[StudiedTokenizer], shape: ModelShape, tokens_saved: TokenSaving
) -> Advice:
    """Name the tokenizer to take for a model of this shape, and why."""
    costs = {each.name: _cost(each, shape) for each in tokenizers}
    true = [each for each in tokenizers if each.restores]
    rivals = sorted(true or tokenizers, key=lambda each: costs[each.name].flops_per_byte)
    learnt = next((each for each in rivals if each.is_learnt), None)
    published = next((each for each in rivals if not each.is_learnt), None)
    if learnt is None or published is None:
        take, saved, reason = rivals[0], None, _cheapest(rivals, costs)
    else:
        saved = _operations(tokens_saved(learnt.name, published.name), learnt, published, shape)
        keep = (saved.value if saved.low is None else saved.low) <= TOLERANCE
        take = published if keep else learnt
        reason = (_kept if keep else _taken)(learnt, published, saved)
    lossy = "" if true else " None of the tokenizers restores all text."
    reason = f"{reason} {_rows(take, costs[take.name], shape)}{lossy}"
    return Advice(take.name, not take.is_learnt, reason, saved, costs, RULE)


def _cost(each: StudiedTokenizer, shape: ModelShape) -> VocabularyCost:
    packed = each.overall["bytes_per_token"].value
    return vocabulary_cost(shape, each.vocabulary_size, packed)


def _operations(
    tokens: Saving, one: StudiedTokenizer, other: StudiedTokenizer, shape: ModelShape
) -> Saving:
    """A saving of tokens as one of operations: a token of each has its own price."""
    prices = [shape.flops_per_token(each.vocabulary_size) for each in (one, other)]
    dearer = prices[0] / prices[1]
    ends = (tokens.low, tokens.high)
    low, high = (None if end is None else 1 - (1 - end) * dearer for end in ends)
    return Saving(1 - (1 - tokens.value) * dearer, low, high, _ESTIMATOR)


def _kept(learnt: StudiedTokenizer, published: StudiedTokenizer, saved: Saving) -> str:
    if saved.value <= 0:
        found = f"costs {-saved.value:.1%} more operations for a byte of text"
    else:
        found = f"would save {saved.value:.1%} of the operations for a byte of text"
        if saved.low is not None:
            found += f" ({saved.low:.1%} to {saved.high:.1%})"
        found += f", which is not surely more than {TOLERANCE:.0%}"
    return (
        f"Keep {published.name}: the best learnt tokenizer, {learnt.name} with "
        f"{learnt.vocabulary_size:,} ids, {found}."
    )


def _taken(learnt: StudiedTokenizer, published: StudiedTokenizer, saved: Saving) -> str:
    between = "" if saved.low is None else f" ({saved.low:.1%} to {saved.high:.1%})"
    return (
        f"Take {learnt.name}: it saves {saved.value:.1%}{between} of the operations for a byte of "
        f"text against {published.name}, the best published one."
    )


def _cheapest(rivals: Sequence[StudiedTokenizer], costs: dict[str, VocabularyCost]) -> str:
    """Of tokenizers that are all learnt or all published, ascending by cost."""
    take = rivals[0]
    text = f"{'Take' if take.is_learnt else 'Keep'} {take.name}"
    if len(rivals) == 1:
        return f"{text}."
    ends = [costs[each.name].flops_per_byte for each in rivals[:2]]
    return (
        f"{text}: it costs the fewest operations for a byte of text; {rivals[1].name}, the next, "
        f"costs {ends[1] / ends[0] - 1:.1%} more."
    )


def _rows(take: StudiedTokenizer, cost: VocabularyCost, shape: ModelShape) -> str:
    return (
        f"The rows of its {take.vocabulary_size:,} ids are {cost.row_parameters / 1e6:,.1f} M "
        f"parameters, {cost.row_share:.0%} of a model of width {shape.width:,} with "
        f"{shape.layers} layers."
    )
