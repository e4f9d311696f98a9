from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import tiktoken

from running import running
from small_tokenizers import learned_ranks
from tokenry.errors import FormatError, TokenryError
from tokenry.formats import tekken
from tokenry.text.pretokenizers.split_patterns import PATTERNS

load = running(tekken.load)
COUNT = 20
PATTERN = PATTERNS["tekken"]


def document(**changes: Any) -> dict[str, Any]:
    ranks = learned_ranks()
    vocab = [
        {"rank": rank, "token_bytes": base64.b64encode(piece).decode(), "token_str": None}
        for piece, rank in sorted(ranks.items(), key=lambda item: item[1])
    ]
    config = {
        "pattern": PATTERN,
        "num_vocab_tokens": len(vocab),
        "default_vocab_size": len(vocab) + COUNT,
        "default_num_special_tokens": COUNT,
        "version": "v3",
    }
    return {"config": config, "vocab": vocab, **changes}


def file(**changes: Any) -> bytes:
    return json.dumps(document(**changes)).encode()


def test_ids_are_ranks_behind_the_specials() -> None:
    theirs = tiktoken.Encoding(
        "x", pat_str=PATTERN, mergeable_ranks=learned_ranks(), special_tokens={}
    )
    ours = load(file())
    for text in ("Hello, world  12\n\n it's", "<s>[INST] a [/INST]", "\u4f60\u597d\u00e9", ""):
        expected = [id_ + COUNT for id_ in theirs.encode_ordinary(text)]
        assert ours.encode(text) == expected
        assert ours.decode(expected) == text
    assert ours.encode("<s>", allowed_special="all") == [1]
    assert ours.decode([1, 3]) == "<s>[INST]"


def test_named_specials_and_those_between_them() -> None:
    named = [{"rank": 0, "token_str": "<unk>", "is_control": True}]
    named.append({"rank": 2, "token_str": "<end>", "is_control": True})
    ours = load(file(special_tokens=named))
    assert ours.decode([0, 1, 2, 3]) == "<unk><SPECIAL_1><end><SPECIAL_3>"


def test_only_so_many_ranks_are_read_as_the_size_says() -> None:
    content = document()
    content["config"]["default_vocab_size"] = 280 + COUNT
    assert len(load(json.dumps(content).encode()).vocabulary) == 280 + COUNT


@pytest.mark.parametrize(
    "changes",
    [
        {"config": {}},
        {"vocab": []},
        {"vocab": [{"rank": 0}]},
        {"vocab": [{"rank": 0, "token_bytes": "%%%"}]},
        {"special_tokens": [{"rank": 99, "token_str": "<s>"}]},
        {"special_tokens": [{"rank": 0, "token_str": ""}]},
        {"special_tokens": [{"rank": 0, "token_str": "a"}, {"rank": 1, "token_str": "a"}]},
    ],
)
def test_malformed_files_are_named_errors(changes: dict[str, Any]) -> None:
    with pytest.raises(FormatError, match="tekken"):
        load(file(**changes))


def test_a_file_that_is_cut_short() -> None:
    with pytest.raises(TokenryError):
        load(file()[:3000])


def test_twice_the_same_rank() -> None:
    content = document()
    content["vocab"][1] = content["vocab"][0]
    with pytest.raises(FormatError, match="each once"):
        load(json.dumps(content).encode())
