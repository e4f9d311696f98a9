"""Encodings of one call share arrays, and every list is its owner's."""

from __future__ import annotations

from tokenizers import Tokenizer, processors

import tokenry
from small_tokenizers import learned

TEXT = "A text that is long enough for the native core to gain something by it, in every word. " * 5
KINDS = (
    "ids", "type_ids", "attention_mask", "special_tokens_mask", "offsets", "tokens", "word_ids",
    "sequence_ids",
)  # fmt: skip


def both() -> tuple[Tokenizer, Tokenizer]:
    made = []
    for _ in range(2):
        tokenizer = Tokenizer.from_str(learned().to_str())
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[A] $A [B]",
            pair="[A] $A [B] $B:1 [B]:1",
            special_tokens=[("[A]", 5), ("[B]", 6)],
        )
        made.append(tokenizer)
    return made[0], tokenry.accelerate(made[1])


def test_every_kind_of_row_is_that_of_tokenizers() -> None:
    stock, ours = both()
    for tokenizer in (stock, ours):
        tokenizer.enable_padding(pad_id=7, pad_type_id=3, pad_token="e", direction="left")
        tokenizer.enable_truncation(40, stride=3)
    for given in ([TEXT, "short", TEXT[3:]], [(TEXT, "short"), ("a", TEXT)]):
        for theirs, found in zip(stock.encode_batch(given), ours.encode_batch(given), strict=True):
            rows = [(theirs, found), *zip(theirs.overflowing, found.overflowing, strict=True)]
            for kind in KINDS:
                for one, other in rows:
                    assert getattr(other, kind) == getattr(one, kind), kind


def test_a_list_can_be_changed_and_asked_for_again() -> None:
    stock, ours = both()
    expected = stock.encode_batch([TEXT, TEXT])
    for kind in KINDS:
        first, second = ours.encode_batch([TEXT, TEXT])
        getattr(first, kind).append("more")
        assert getattr(first, kind) == getattr(expected[0], kind)
        assert getattr(second, kind) == getattr(expected[1], kind)


def test_a_window_keeps_the_one_space_that_it_begins_with() -> None:
    stock, ours = both()
    text = "some words   with many    spaces \n\n  and\tless " * 9
    for tokenizer in (stock, ours):
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=True, add_prefix_space=True)
        tokenizer.enable_truncation(3, stride=2)
    theirs, found = stock.encode_batch([text, text]), ours.encode_batch([text, text])
    for one, other in zip(theirs, found, strict=True):
        windows = zip([one, *one.overflowing], [other, *other.overflowing], strict=True)
        assert all(mine.offsets == window.offsets for window, mine in windows)
