"""What stands beside a tokenizer travels with it, or the report says what does not."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

import tokenry
from tokenry import Tokenizer
from tokenry.errors import FormatError, VocabularyError
from tokenry.formats import native_file
from tokenry.learning import learn
from tokenry.surgery import extend, pad, prune, reorder, truncate

TEXT = "the cat sat on the mat and the dog sat on the log, again and again\n" * 20
CHAT = "{% for m in messages %}<|start|>{{ m['content'] }}<|end|>{% endfor %}"
CONFIG = {
    "tokenizer_class": "Qwen2Tokenizer",
    "bos_token": None,
    "eos_token": {"__type": "AddedToken", "content": "<|end|>", "lstrip": False},
    "pad_token": "<|end|>",
    "model_max_length": 4096,
    "padding_side": "left",
    "chat_template": CHAT,
    "auto_map": {"AutoTokenizer": ["tokenization_mine.py", None]},
    "added_tokens_decoder": {"0": {"content": "<|start|>", "special": True}},
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    learn([TEXT], vocab_size=280, special_tokens=("<|start|>", "<|end|>")).save(folder)
    (folder / "tokenizer_config.json").write_text(json.dumps(CONFIG))
    return folder


def test_load_and_save_keep_all_of_it_or_say_what_not(repository: Path, tmp_path: Path) -> None:
    tokenizer = tokenry.load(repository)
    assert tokenizer.config.values == CONFIG
    assert (tokenizer.config.bos, tokenizer.config.eos) == (None, "<|end|>")
    report = tokenizer.save(tmp_path, sample=[TEXT])
    assert report.exact
    assert report.dropped == ("tokenizer_class 'Qwen2Tokenizer', now 'PreTrainedTokenizerFast'",
                              "auto_map")  # fmt: skip
    assert "dropped: tokenizer_class" in str(report)
    again = json.loads((tmp_path / "tokenizer_config.json").read_text())
    ids = {int(id_): each["content"] for id_, each in again.pop("added_tokens_decoder").items()}
    assert ids == {each.id: each.content for each in tokenizer.added_tokens}
    kept = {key: value for key, value in CONFIG.items()
            if key not in ("tokenizer_class", "auto_map", "added_tokens_decoder")}  # fmt: skip
    assert {key: again[key] for key in kept if key != "eos_token"} == {
        key: value for key, value in kept.items() if key != "eos_token"
    }
    assert tokenry.load(tmp_path).config.eos == "<|end|>"


def test_fingerprints_do_not_have_it(repository: Path) -> None:
    tokenizer = tokenry.load(repository)
    bare = Tokenizer(**{**tokenizer.parts(), "config": tokenry.Tokenizer.of(  # type: ignore[arg-type]
        tokenizer.pipeline).config.of({})})  # fmt: skip
    assert not bare.config
    assert bare == tokenizer


@pytest.mark.parametrize(
    "operate",
    [
        lambda each: truncate(each, len(each) - 2),
        lambda each: prune(each, [TEXT[:20]]),
        lambda each: reorder(each, [TEXT]),
        lambda each: pad(each, len(each) + 3),
        lambda each: extend(each, [b" dog sat"]),
    ],
)
def test_surgery_keeps_it(repository: Path, tmp_path: Path, operate) -> None:  # type: ignore[no-untyped-def]
    changed = operate(tokenry.load(repository)).tokenizer
    changed.save(tmp_path, sample=[TEXT])
    again = tokenry.load(tmp_path)
    assert again.config.chat_template == CHAT
    assert again.config.token("pad_token") == "<|end|>"
    decoder = again.config.values["added_tokens_decoder"]
    assert decoder[str(again.encode_single_token("<|end|>"))]["content"] == "<|end|>"


def test_our_own_file_and_pickle_keep_it(repository: Path) -> None:
    tokenizer = tokenry.load(repository)
    assert native_file.load(native_file.dump(tokenizer.pipeline)).config.values == CONFIG
    assert pickle.loads(pickle.dumps(tokenizer)).config.values == CONFIG


def test_a_special_that_is_gone_is_named(repository: Path, tmp_path: Path) -> None:
    tokenizer = tokenry.load(repository)
    config = tokenizer.config.changed(pad_token="<|gone|>")
    parts = {**tokenizer.parts(), "config": config}
    report = Tokenizer(**parts).save(tmp_path, sample=[TEXT])  # type: ignore[arg-type]
    assert "pad_token '<|gone|>', which is no token of it" in report.dropped
    assert "pad_token" not in json.loads((tmp_path / "tokenizer_config.json").read_text())


def test_a_chat_template_of_its_own_file_and_a_map_of_specials_are_read(
    repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "tokenizer.json").write_bytes((repository / "tokenizer.json").read_bytes())
    (tmp_path / "chat_template.jinja").write_text(CHAT)
    (tmp_path / "special_tokens_map.json").write_text('{"bos_token": "<|start|>"}')
    config = tokenry.load(tmp_path / "tokenizer.json").config
    assert (config.chat_template, config.bos) == (CHAT, "<|start|>")
    (tmp_path / "special_tokens_map.json").write_text("[")
    with pytest.raises(FormatError, match=r"special_tokens_map.json is not JSON"):
        tokenry.load(tmp_path)


def test_ranks_say_what_they_leave_out(repository: Path, tmp_path: Path) -> None:
    report = tokenry.load(repository).to_tiktoken(tmp_path / "a.tiktoken", sample=[TEXT])
    assert report.dropped[0] == "2 specials, which its reader must be given"
    assert "chat_template" in report.dropped


def test_save_says_which_special_serves_which_use(repository: Path, tmp_path: Path) -> None:
    tokenizer = learn([TEXT], vocab_size=280, special_tokens=("<|start|>", "<|end|>"))
    options = {"bos": "<|start|>", "eos": "<|end|>", "pad": "<|end|>", "chat_template": CHAT}
    report = tokenizer.save(tmp_path, add_bos=True, add_eos=True, sample=[TEXT], **options)
    assert report.exact
    again = tokenry.load(tmp_path)
    assert again.decode(again.encode("the cat", add_special_tokens=True)) == (
        "<|start|>the cat<|end|>"
    )
    transformers = pytest.importorskip("transformers")
    theirs = transformers.AutoTokenizer.from_pretrained(tmp_path)
    assert theirs("the cat")["input_ids"] == again.encode("the cat", add_special_tokens=True)
    assert (theirs.bos_token, theirs.eos_token, theirs.pad_token) == (
        "<|start|>", "<|end|>", "<|end|>"
    )  # fmt: skip
    said = theirs.apply_chat_template([{"role": "user", "content": "Hi"}], tokenize=False)
    assert said == "<|start|>Hi<|end|>"
    object_ = again.to_transformers()
    assert (object_.chat_template, object_.pad_token) == (CHAT, "<|end|>")
    assert not again.configured(add_bos=False, add_eos=False).template


def test_wrong_uses_are_errors_that_say_what_to_do(tmp_path: Path) -> None:
    tokenizer = learn([TEXT], vocab_size=280, special_tokens=("<|start|>",))
    with pytest.raises(VocabularyError, match=r"bos='<s>' is no special .* '<\|start\|>'"):
        tokenizer.save(tmp_path, bos="<s>")
    with pytest.raises(VocabularyError, match="give eos="):
        tokenizer.configured(add_eos=True)
