"""Zero differing ids on every shared tokenizer file and on real text in all its languages."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tokenizers

from fuzz_text import fuzz_strings
from oracles import comparable
from peers import (
    PATTERNS,
    Oracle,
    as_text,
    assert_exact,
    difference,
    from_hugging_face,
    from_merges,
    from_sentencepiece,
    from_tiktoken,
    read_ranks,
)
from shares import share
from tokenry import load
from tokenry.tokenizer import Tokenizer

pytestmark = pytest.mark.shared
Pair = tuple[Tokenizer, Oracle]


def _ranks(file: str, pattern: str, ours: str) -> Callable[[Path, Path], Pair]:
    def make(files: Path, _: Path) -> Pair:
        ranks = read_ranks(files / file)
        specials = {"<|endoftext|>": len(ranks), "<|fim_prefix|>": len(ranks) + 1}
        tokenizer = load(files / file, pattern=ours, special_tokens=specials)
        return tokenizer, from_tiktoken(ranks, pattern, specials)

    return make


def _json(file: str) -> Callable[[Path, Path], Pair]:
    def make(files: Path, _: Path) -> Pair:
        model = tokenizers.Tokenizer.from_file(str(files / file))
        return load(files / file), from_hugging_face(model)

    return make


def _model(file: str) -> Callable[[Path, Path], Pair]:
    return lambda files, _: (load(files / file), from_sentencepiece(files / file))


def _bert(files: Path, _: Path) -> Pair:
    path = files / "bert-base-uncased-vocab.txt"
    model = tokenizers.BertWordPieceTokenizer(str(path), lowercase=True)._tokenizer
    return load(path), from_hugging_face(model)


def _merges(file: str, pattern: str) -> Callable[[Path, Path], Pair]:
    """merges.txt beside a vocab.json made from it, as older Hugging Face repositories have them."""

    def make(files: Path, folder: Path) -> Pair:
        model = from_merges(files / file, pattern)
        target = folder / "tokenizer.json"
        model.save(str(target))
        return load(target), from_hugging_face(model)

    return make


# The published SuperBPE tokenizers stop splitting at white space in their second stage.
SUPERBPE = r"\p{N}{1,3}(?=(?:\p{N}{3})*(?:\P{N}|$))|[^\p{N}\r\n]+|[\r\n]+"
FILES: dict[str, Callable[[Path, Path], Pair]] = {
    "o200k": _ranks("o200k_base.tiktoken", "o200k", "o200k"),
    "cl100k": _ranks("cl100k_base.tiktoken", "cl100k", "cl100k"),
    "llama3": _ranks("llama3_tokenizer.model", "llama3", "llama3"),
    "qwen": _ranks("qwen.tiktoken", "qwen2", "qwen"),
    "gpt2": _json("gpt-2_tokenizer.json"),
    "kl3m": _json("kl3m-004-char-8k_tokenizer.json"),
    "llama": _json("llama_tokenizer.json"),
    "pegasus": _json("pegasus_unigram96k_tokenizer.json"),
    "bert": _bert,
    "bpe-200k": _merges("bpe_200k_merges.txt", PATTERNS["o200k"]),
    "superbpe": _merges("superbpe_t180k_merges.txt", SUPERBPE),
    "baseline-de": _model("compoundpiece_baseline_de.model"),
    "compoundpiece-de": _model("compoundpiece_compoundpiece_de.model"),
}


@pytest.fixture(scope="module", params=FILES)
def pair(
    request: pytest.FixtureRequest, tokenizer_files: Path, tmp_path_factory: pytest.TempPathFactory
) -> Pair:
    """Our tokenizer and the oracle's of one shared file."""
    make = FILES[request.param]
    return make(tokenizer_files, tmp_path_factory.mktemp(request.param))


def _folders(data: Path) -> Iterator[tuple[str, list[Path]]]:
    yield "text", sorted((data / "text").glob("*.txt"))
    yield "flores", sorted((data / "flores_dev").glob("*.txt"))
    yield "udhr", sorted((data / "udhr").glob("*"))
    for name in ("childes_br", "code", "gsm8k", "legalbench", "mts_dialog_clinical", "pubmedqa",
                 "tatqa_finance", "tinyshakespeare"):  # fmt: skip
        yield name, sorted(path for path in (data / name).glob("*") if path.is_file())


def _read(path: Path, size: int) -> str:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as stream:
        data = stream.read(size)
    text = data.decode("utf-8", "ignore")
    # Deeply escaped JSON becomes the text that it holds.
    return text.replace("\\n", "\n") if ".json" in path.name else text


def _texts(data: Path, sizes: dict[str, int], default: int) -> list[str]:
    found = [
        _read(path, sizes.get(name, default)) for name, paths in _folders(data) for path in paths
    ]
    return [text for text in found if text]


@pytest.fixture(scope="module")
def small_texts(shared_data: Path) -> list[str]:
    """The beginning of every file: 63 FLORES languages, the UDHR, books, domains."""
    sizes = {"text": 60_000, "flores": 6_000, "legalbench": 400}
    return _texts(shared_data, {name: share(size) for name, size in sizes.items()}, share(1_500))


def _without_older(text: str) -> str:
    """Without the code points that the oracles class by an older Unicode, and without U+0000."""
    return comparable(comparable(text, "tiktoken"), "tokenizers").replace("\0", "")


def test_real_text(pair: Pair, small_texts: list[str]) -> None:
    assert_exact(*pair, small_texts)


def test_trouble(pair: Pair, rng: random.Random) -> None:
    ours, oracle = pair
    texts = [_without_older(text) for text in fuzz_strings(rng, 300)]
    assert_exact(ours, oracle, [as_text(ours, text) for text in texts])


def test_specials_in_text_are_text(pair: Pair) -> None:
    ours, oracle = pair
    for special in (
        "<|endoftext|>",
        "<s>",
        "</s>",
        "<unk>",
        "[CLS]",
        "[MASK]",
        "<pad>",
        "<mask_1>",
    ):
        text = as_text(ours, f"a {special} b{special}")
        assert ours.encode(text) == oracle.encode(text), special


def test_specials_when_allowed(pair: Pair, small_texts: list[str]) -> None:
    ours, oracle = pair
    if oracle.encode_special is None:
        pytest.skip("sentencepiece has no specials in text")
    for special in sorted(ours.special_tokens_set)[:8]:
        text = f"a {special} b{special}{small_texts[0][:100]}"
        given, expected = ours.encode(text, allowed_special="all"), oracle.encode_special(text)
        assert given == expected, difference(text, given, expected)


@pytest.mark.slow
def test_all_real_text(pair: Pair, shared_data: Path) -> None:
    """Whole files; only ids, because the oracles are slow."""
    ours, oracle = pair
    for text in _texts(shared_data, {}, 2_000_000):
        given, expected = ours.encode(text), oracle.encode(text)
        assert given == expected, difference(text, given, expected)


@pytest.mark.slow
def test_much_trouble(pair: Pair) -> None:
    ours, oracle = pair
    for text in fuzz_strings(random.Random(99), 20_000):
        text = as_text(ours, _without_older(text))
        assert ours.encode(text) == oracle.encode(text), repr(text)


def test_gzip_is_read_as_it_is(tokenizer_files: Path, tmp_path: Path) -> None:
    packed = tmp_path / "cl100k_base.tiktoken.gz"
    packed.write_bytes(gzip.compress((tokenizer_files / "cl100k_base.tiktoken").read_bytes(), 1))
    plain = load(tokenizer_files / "cl100k_base.tiktoken", pattern="cl100k")
    assert load(packed, pattern="cl100k").fingerprint() == plain.fingerprint()


def test_vocab_json_beside_merges(tokenizer_files: Path, tmp_path: Path) -> None:
    model = json.loads((tokenizer_files / "gpt-2_tokenizer.json").read_text(encoding="utf-8"))
    pairs = model["model"]["merges"]
    lines = [pair if isinstance(pair, str) else " ".join(pair) for pair in pairs]
    (tmp_path / "merges.txt").write_text("#version: 0.2\n" + "\n".join(lines), encoding="utf-8")
    (tmp_path / "vocab.json").write_text(json.dumps(model["model"]["vocab"]), encoding="utf-8")
    whole = load(tokenizer_files / "gpt-2_tokenizer.json")
    text = "Hello world, it's 2026 \u4f60\u597d\n\n  x"
    assert load(tmp_path, pattern="gpt2").encode(text) == whole.encode(text)
