"""Options of sentencepiece's trainer, as Python and as flags."""

from __future__ import annotations

from typing import Any

import pytest

from tokenry.errors import LearnError
from tokenry.sentencepiece.training.options import of_flags, of_options


def test_flags_are_options() -> None:
    flags = of_flags(
        "--input=a.txt,b.txt --model_type=bpe --vocab_size=300 --byte_fallback --pad_id=3 "
        '--user_defined_symbols=<a>,"x,y" --character_coverage=1 --minloglevel=2'
    )
    assert flags == of_options(
        {
            "input": ["a.txt", "b.txt"], "model_type": "bpe", "vocab_size": 300, "num_threads": 4,
            "byte_fallback": True, "user_defined_symbols": ["<a>", "x,y"], "pad_id": "3",
            "character_coverage": 1.0, "split_by_whitespace": True,
        }
    )  # fmt: skip
    assert flags.user_defined_symbols == ("<a>", "x,y")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vocab_size", "many"), ("vocab_size", 0), ("vocab_size", None), ("model_type", "bytes"),
        ("byte_fallback", "perhaps"), ("split_by_whitespace", False), ("input", 3),
        ("pretokenization_delimiter", "|"), ("vocabulary", 3), ("bos_id", -2),
        ("control_symbols", [1]), ("shrinking_factor", 1.0),
    ],
)  # fmt: skip
def test_a_wrong_option_is_named(name: str, value: Any) -> None:
    with pytest.raises(LearnError, match=name):
        of_options({name: value})


@pytest.mark.parametrize("flags", ["input=a", "--=3", "-x"])
def test_a_flag_that_is_none_is_named(flags: str) -> None:
    with pytest.raises(LearnError, match="expected --NAME=VALUE"):
        of_flags(flags)
