"""Specials that are added, reserved and renamed, and words appended without a second tokenizer."""

from __future__ import annotations

import json
from pathlib import Path
from pydoc_data.topics import topics

import pytest
from typer.testing import CliRunner

import tokenry
from tokenry import Tokenizer
from tokenry.cli.app import app
from tokenry.errors import VocabularyError
from tokenry.learning import learn
from tokenry.surgery import IdMap, add_specials, extend, rename, reserve

TEXT = "\n".join(topics[name] for name in sorted(topics)[:12])
CHAT = "{{ '<|reserved_0|>' }}{{ messages[0]['content'] }}"
KINDS = ("bpe", "unigram", "superbpe")


@pytest.fixture(scope="module", params=KINDS)
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    return learn([TEXT], kind=request.param, vocab_size=600, special_tokens=("<|end|>",))


def saved(tokenizer: Tokenizer, folder: Path) -> Tokenizer:
    assert tokenizer.save(folder, sample=[TEXT]).documents
    again = tokenry.load(folder)
    assert again == tokenizer or not (folder / "tokenry.json").exists()
    return again


def test_added_specials_leave_all_else(tokenizer: Tokenizer, tmp_path: Path) -> None:
    done = add_specials(tokenizer, ["<|a|>", "<|b|>"])
    again = saved(done.tokenizer, tmp_path)
    first = len(tokenizer)
    assert again.encode("<|b|><|a|>", allowed_special="all") == [first + 1, first]
    assert again.encode(TEXT) == tokenizer.encode(TEXT)
    assert done.ids.added.tolist() == [first, first + 1]
    assert done.ids.parts(first) == []


def test_a_reserved_special_gets_a_name_everywhere(tokenizer: Tokenizer, tmp_path: Path) -> None:
    larger = reserve(tokenizer, 2).tokenizer.configured(
        pad="<|reserved_1|>", bos="<|reserved_0|>", chat_template=CHAT, add_bos=True
    )
    done = rename(larger, {"<|reserved_0|>": "<|start|>", "<|reserved_1|>": "<|pad|>"})
    assert done.operation == "rename"
    again = saved(done.tokenizer, tmp_path)
    assert again.special_tokens_set == {"<|end|>", "<|start|>", "<|pad|>"}
    assert (again.config.bos, again.config.pad) == ("<|start|>", "<|pad|>")
    assert again.config.chat_template == CHAT.replace("<|reserved_0|>", "<|start|>")
    place = len(tokenizer)
    assert again.encode("<|start|>", allowed_special="all") == [place]
    assert again.encode("the cat", add_special_tokens=True) == [place, *tokenizer.encode("the cat")]
    assert again.decode([place]) == "<|start|>"
    assert again.encode(TEXT) == tokenizer.encode(TEXT)


def test_a_name_in_a_post_processor_and_a_decoder_of_a_file_changes(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    base = learn([TEXT], kind="unigram", vocab_size=600, special_tokens=("<|a|>", "<|b|>"))
    base.save(tmp_path, bos="<|a|>", add_bos=True, sample=[TEXT])
    (tmp_path / "tokenry.json").unlink(missing_ok=True)
    loaded = tokenry.load(tmp_path)
    rename(loaded, {"<|a|>": "<s>"}).tokenizer.save(tmp_path / "b", sample=[TEXT])
    theirs = tokenizers.Tokenizer.from_file(str(tmp_path / "b" / "tokenizer.json"))
    assert theirs.encode("the cat").tokens[0] == "<s>"
    assert theirs.encode("the cat").ids == loaded.encode("the cat", add_special_tokens=True)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda each: add_specials(each, "<|a|>"), r"expected a list of names, \['<\|a\|>'\]"),
        (lambda each: add_specials(each, ["<|end|>"]), "the name of another token"),
        (lambda each: add_specials(each, ["<|a|>", "<|a|>"]), "the name of another token"),
        (lambda each: add_specials(each, [""]), "is empty"),
        (lambda each: rename(each, {"<|a|>": "<|b|>"}), r"no special .* it has: '<\|end\|>'"),
        (lambda each: rename(each, {"<|end|>": "<|end|>"}), "the name of another token"),
        (lambda each: extend(each, "word"), r"expected a list of words, \['word'\]"),
        (lambda each: extend(each, ["word"], variants="spaced"), "known are space, bare"),
    ],
)
def test_what_cannot_be_is_refused(tokenizer: Tokenizer, act, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(VocabularyError, match=message):
        act(tokenizer)


def test_words_are_appended_in_their_variants_and_say_what_they_cost() -> None:
    tokenizer = learn([TEXT], vocab_size=600)
    done = extend(tokenizer, ["tokenizer", "naïve"])
    for word in ("tokenizer", " tokenizer", "naïve", " naïve"):
        assert done.tokenizer.count(word) == 1
    assert done.notes["bridges"] == len(done.ids.added) - 4
    assert sum(done.costs.values()) == len(done.ids.added)
    assert done.costs[b"tokenizer"] > 1
    only = extend(tokenizer, ["tokenizer"], variants="space").tokenizer
    assert (only.count(" tokenizer"), only.count("tokenizer") > 1) == (1, True)


def test_commands(tmp_path: Path) -> None:
    learn([TEXT], vocab_size=600, special_tokens=("<|end|>",)).save(tmp_path / "a", sample=[TEXT])
    (tmp_path / "words.txt").write_text("tokenizer\n\nnaïve\n", encoding="utf-8")

    def run(*args: object) -> str:
        done = CliRunner().invoke(app, ["surgery", *map(str, args)])
        assert done.exit_code == 0, done.output
        return done.output

    said = run("extend", tmp_path / "a", "--words", tmp_path / "words.txt", "--out", tmp_path / "b")
    assert "ids with its bridges" in said
    assert tokenry.load(tmp_path / "b").count(" naïve") == 1
    run("add-special", tmp_path / "b", "<|a|>", "<|b|>", "--out", tmp_path / "c")
    run("reserve", tmp_path / "c", 3, "--out", tmp_path / "d")
    found = run("rename", tmp_path / "d", "<|reserved_2|>=<|tool|>", "--out", tmp_path / "e",
                "--json")  # fmt: skip
    assert json.loads(found)["operation"] == "rename"
    last = tokenry.load(tmp_path / "e")
    assert last.encode_single_token("<|tool|>") == len(last) - 1
    assert IdMap.load(tmp_path / "e" / "id_map.npz").new_size == len(last)
    wrong = CliRunner().invoke(app, ["surgery", "rename", str(tmp_path / "d"), "x", "--out", "y"])
    assert "expected OLD=NEW" in wrong.output
    both = CliRunner().invoke(app, ["surgery", "extend", str(tmp_path / "a"), "--out", "y"])
    assert "give a second tokenizer, or --words FILE" in both.output
