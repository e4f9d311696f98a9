"""Which ids of conversations have a loss, and where their contents stand in the file."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from made import MADE
from typer.testing import CliRunner

from shares import draw, share
from tokenry.domains import DomainTokenizer, domain_named, learn
from tokenry.domains.chat.messages import conversations
from tokenry.domains.chat.spans import TurnSpan, turns_of
from tokenry.domains.chat.templates import TEMPLATES
from tokenry.errors import DomainError

pytestmark = pytest.mark.filterwarnings("ignore::tokenry.SmallerVocabularyWarning")
TALK = [
    {"role": "user", "content": "Hi"},
    {"role": "assistant", "content": "\n\n  Hello \u00e9\n"},
    {"role": "user", "content": ""},
    {"role": "assistant", "content": ""},
]
DATA = json.dumps([TALK, TALK[:2]]).encode()


def tokenizer(template: str, **options: object) -> DomainTokenizer:
    domain = domain_named("chat", template=template, **options)
    files = [MADE["chat"](random.Random(seed)) for seed in range(4)]
    return learn(domain, [DATA, *files], vocab_size=300)


def spelt(of: DomainTokenizer, ids: np.ndarray) -> bytes:  # type: ignore[type-arg]
    return of.tokenizer.decode_bytes([each for each in ids.tolist() if each >= of._first_byte])


def expected(data: bytes) -> list[tuple[str, bytes]]:
    found = conversations(data)
    return [*zip((role.decode() for role in found.roles), found.contents, strict=True)]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_loss_is_on_contents_of_the_assistant_and_the_mark_that_ends_them(template: str) -> None:
    of = tokenizer(template)
    chance = draw(f"loss {template}")
    for data in [DATA, *(MADE["chat"](chance) for _ in range(share(40)))]:
        encoded = of.encode_file(data, strict=True)
        turns = turns_of(data, encoded.channels)
        covered = np.zeros(len(encoded.ids), np.int64)
        for turn, (role, content) in zip(turns, expected(data), strict=True):
            assert turn.role == role
            assert json.loads(b'"' + data[slice(*turn.bytes)] + b'"').encode() == content
            assert content in spelt(of, encoded.ids[slice(*turn.ids)])
            if turn.loss is not None:
                assert role == "assistant"
                lost = encoded.ids[slice(*turn.loss)]
                assert spelt(of, lost) == content
                assert (lost < of._first_byte).tolist() == [False] * (len(lost) - 1) + [True]
                assert turn.ids[0] <= turn.loss[0] < turn.loss[1] <= turn.ids[1]
                covered[slice(*turn.loss)] = 1
            else:
                assert role != "assistant"
        assert np.array_equal(encoded.channels["loss"], covered)


def test_turns_know_their_conversation() -> None:
    of = tokenizer("chatml")
    turns = turns_of(DATA, of.encode_file(DATA).channels)
    assert [turn.conversation for turn in turns] == [0, 0, 0, 0, 1, 1]
    assert all(turn.ids[1] <= after.ids[0] for turn, after in pairwise(turns))


def test_roles_with_a_loss_are_an_option() -> None:
    of = tokenizer("chatml", loss=("user",))
    turns = turns_of(DATA, of.encode_file(DATA).channels)
    assert [turn.loss is not None for turn in turns] == [turn.role == "user" for turn in turns]


def test_bare_bytes_and_other_files_have_no_turns() -> None:
    of = tokenizer("chatml")
    with pytest.raises(DomainError, match="bare bytes"):
        turns_of(b"hello", of.encode_file(b"hello").channels)
    with pytest.raises(DomainError, match="not of this file"):
        turns_of(DATA, of.encode_file(json.dumps(TALK).encode()).channels)


def test_the_command_gives_turns_as_json(tmp_path: Path) -> None:
    from tokenry.cli.app import app

    of = tokenizer("chatml")
    of.save(tmp_path / "chat")
    (tmp_path / "talk.json").write_bytes(DATA)
    given = ["encode", str(tmp_path / "chat"), str(tmp_path / "talk.json"), "--json"]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    encoded = of.encode_file(DATA)
    assert found["ids"] == encoded.ids.tolist()
    assert found["channels"]["loss"] == encoded.channels["loss"].tolist()
    turns = turns_of(DATA, encoded.channels)
    assert [TurnSpan(**{k: _pair(v) for k, v in turn.items()}) for turn in found["turns"]] == turns


def _pair(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
