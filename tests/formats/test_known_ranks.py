"""What is known of published rank files, against tiktoken's own tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tiktoken_ext.openai_public as published

import tokenry
from small_tokenizers import learned_ranks, rank_file
from tokenry.formats.known_ranks import KNOWN_RANKS, identify, known_pattern
from tokenry.text.pretokenizers.split_patterns import PATTERNS

OPENAI = sorted(set(published.ENCODING_CONSTRUCTORS) & set(KNOWN_RANKS))


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> dict[str, object]:
    """tiktoken's facts of an encoding, without its ranks, and the digests that it expects."""
    digests: list[str] = []

    def load(_url: str, expected_hash: str | None = None) -> dict[bytes, int]:
        digests.append(str(expected_hash))
        return {}

    def convert(**named: str) -> dict[bytes, int]:
        digests.append(named["vocab_bpe_hash"])
        return {}

    monkeypatch.setattr(published, "load_tiktoken_bpe", load)
    monkeypatch.setattr(published, "data_gym_to_mergeable_bpe_ranks", convert)
    return {**published.ENCODING_CONSTRUCTORS[request.param](), "digests": tuple(digests)}


@pytest.mark.parametrize("facts", OPENAI, indirect=True)
def test_specials_and_digests_are_those_of_tiktoken(facts: dict[str, object]) -> None:
    known = KNOWN_RANKS[str(facts["name"])]
    assert dict(known.special_tokens) == facts["special_tokens"]
    assert known.sha256 == facts["digests"]


def test_all_of_tiktoken_are_known() -> None:
    assert set(published.ENCODING_CONSTRUCTORS) == set(OPENAI)


@pytest.mark.parametrize("name", KNOWN_RANKS)
def test_facts_fit_together(name: str) -> None:
    known = KNOWN_RANKS[name]
    assert known.pattern in PATTERNS or "\\p{" in known.pattern
    assert known_pattern(f"{name.upper()}.tiktoken.gz") == known.pattern


@pytest.mark.parametrize(("name", "count"), [("llama3", 256), ("llama3.1", 256), ("qwen", 208)])
def test_specials_stand_one_after_another_behind_the_ranks(name: str, count: int) -> None:
    known = KNOWN_RANKS[name]
    assert sorted(known.special_tokens.values()) == [*range(known.ids, known.ids + count)]


def test_names_of_equal_ranks_are_told_apart() -> None:
    assert (
        identify("o200k_harmony.tiktoken", "tiktoken", b"", 199_998)
        is (KNOWN_RANKS["o200k_harmony"])
    )
    assert identify("Llama-3.1-8B.model", "tiktoken", b"", 128_000) is KNOWN_RANKS["llama3.1"]
    assert identify("llama3_tokenizer.model", "tiktoken", b"", 128_000) is KNOWN_RANKS["llama3"]


def test_other_content_under_a_known_name_gets_no_specials(tmp_path: Path) -> None:
    path = tmp_path / "cl100k_base.tiktoken"
    path.write_bytes(rank_file(learned_ranks()))
    tokenizer = tokenry.load(path)
    assert tokenizer.pretokenizer.native == "cl100k"
    assert not tokenizer.special_tokens_set


def test_a_published_file_keeps_its_specials_under_any_name(
    tokenizer_files: Path, tmp_path: Path
) -> None:
    renamed = tmp_path / "ranks.tiktoken"
    renamed.write_bytes((tokenizer_files / "cl100k_base.tiktoken").read_bytes())
    for tokenizer in (
        tokenry.load(f"{renamed}:cl100k"),
        tokenry.load(renamed, pattern="cl100k"),
        tokenry.load(str(tokenizer_files / "cl100k_base.tiktoken")),
    ):
        assert tokenizer.encode("<|endoftext|>", allowed_special="all") == [100257]
        assert len(tokenizer.encode("<|endoftext|>")) == 7
        assert tokenizer.n_vocab == 100277
    bare = tokenry.load(renamed, pattern="cl100k", special_tokens={})
    assert bare.n_vocab == 100256


def test_two_specials_of_harmony_share_an_id_as_in_tiktoken(
    tokenizer_files: Path, tmp_path: Path
) -> None:
    path = tmp_path / "o200k_harmony.tiktoken"
    path.write_bytes((tokenizer_files / "o200k_base.tiktoken").read_bytes())
    tokenizer = tokenry.load(path)
    assert tokenizer.n_vocab == 201088
    for name in ("<|endofprompt|>", "<|reserved_200018|>"):
        assert tokenizer.encode(name, allowed_special="all") == [200018]
    assert tokenizer.decode([200018]) == "<|endofprompt|>"  # so does tiktoken 0.14.0


def test_whisper_has_its_languages_in_order() -> None:
    languages = pytest.importorskip("transformers.models.whisper.tokenization_whisper").LANGUAGES
    tasks = ["translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps"]
    for name, count in (("whisper", 99), ("whisper-large-v3", 100)):
        specials = KNOWN_RANKS[name].special_tokens
        ordered = sorted(specials, key=lambda special: specials[special])
        head = ["<|endoftext|>", "<|startoftranscript|>"]
        names = [f"<|{each}|>" for each in [*list(languages)[:count], *tasks]]
        assert ordered[: 2 + count + 6] == head + names
        assert (ordered[2 + count + 6], ordered[-1]) == ("<|0.00|>", "<|30.00|>")
        assert list(specials.values()) == [*range(50257, 50257 + 2 + count + 6 + 1501)]
    assert KNOWN_RANKS["whisper"].special_tokens["<|notimestamps|>"] == 50363


def test_a_common_name_says_specials_only_where_the_ids_fit() -> None:
    assert known_pattern("multilingual.tiktoken") is None
    known = identify("multilingual.tiktoken", "tiktoken", b"", 50257)
    assert known is KNOWN_RANKS["whisper"]
    assert identify("multilingual.tiktoken", "tiktoken", b"", 50258) is None
    v3 = identify("whisper-large-v3.tiktoken", "tiktoken", b"", 50257)
    assert v3 is KNOWN_RANKS["whisper-large-v3"]


@pytest.mark.shared
def test_kimi_is_known_by_name_and_by_content(census: Path, tmp_path: Path) -> None:
    file = census / "kimi-k2" / "kimi_k2.tiktoken"
    for name in ("kimi_k2.tiktoken", "tiktoken.model", "ranks.txt"):
        (tmp_path / name).symlink_to(file)
        tokenizer = tokenry.load(tmp_path / name)
        assert (tokenizer.n_vocab, len(tokenizer.special_tokens_set)) == (163840, 256)
        assert tokenizer.encode("<|im_middle|>", allowed_special="all") == [163601]
        assert len(tokenizer.encode("<|im_middle|>")) > 1


def test_ranks_of_a_repository_have_the_specials_of_its_configuration(tmp_path: Path) -> None:
    ranks = learned_ranks()
    (tmp_path / "tiktoken.model").write_bytes(rank_file(ranks))
    first = len(ranks)
    config = {"bos_token": "[BOS]", "added_tokens_decoder": {str(first): {"content": "[BOS]"}}}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    tokenizer = tokenry.load(tmp_path, pattern="cl100k")
    assert tokenizer.encode("a[BOS]", allowed_special="all")[-1] == first
    assert tokenizer.config.values["bos_token"] == "[BOS]"
    other = tokenry.load(tmp_path, pattern="cl100k", special_tokens={"<|x|>": first})
    assert other.special_tokens_set == {"<|x|>"}


@pytest.mark.shared
def test_cosyvoice_has_its_specials_behind_its_ranks(census: Path) -> None:
    tokenizer = tokenry.load(
        census / "cosyvoice-whisper-zh" / "multilingual_zh_ja_yue_char_del.tiktoken"
    )
    ids = tokenizer.pipeline.specials()
    # Its get_encoding numbers 100 languages, 15 of what is heard, tasks, 50 of speech, times.
    assert (ids["<|endoftext|>"], ids["<|en|>"], ids["<|yue|>"]) == (58836, 58838, 58937)
    assert (ids["<|ASR|>"], ids["<|NEUTRAL|>"], ids["<|translate|>"]) == (58938, 58952, 58953)
    assert (ids["<|SPECIAL_TOKEN_1|>"], ids["<|TTS/B|>"]) == (58959, 58989)
    assert (ids["<|TTS/SP13|>"], ids["<|0.00|>"], ids["<|30.00|>"]) == (59008, 59009, 60509)
    assert tokenizer.pretokenizer.native == "gpt2"
