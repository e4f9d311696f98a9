"""What the libraries that a tokenizer file was made for make of it, for `benchmarks.census`."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Encode = Callable[[str], Sequence[int]]

# Rank files do not say how text is cut; these are the patterns of their own code.
_LETTERS = r"[\p{%s}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]"
_UPPER, _LOWER = _LETTERS % r"Lu}\p{Lt", _LETTERS % "Ll"
_ENDING = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
PATTERNS: Mapping[str, str] = {
    "kimi": "|".join(
        (
            r"[\p{Han}]+",
            rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+{_ENDING}",
            rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*{_ENDING}",
            r"\p{N}{1,3}",
            r" ?[^\s\p{L}\p{N}]+[\r\n]*",
            r"\s*[\r\n]+",
            r"\s+(?!\S)",
            r"\s+",
        )
    ),
    "multilingual": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
}
_UNCASED = ("bert-base-chinese-vocab", "ernie-3.0-base")


@dataclass(frozen=True)
class Oracle:
    """A tokenizer of another library.

    Attributes:
        path: the file that tokenry loads for it.
        kind: of file and model.
        library: which it is.
        default: ids of a text where specials are found; None where it has no such mode.
        plain: ids of a text whose specials are text; None where it has no such mode.
        decode: text of ids.
        pattern: what tokenry has to be told beside the file.
        specials: the same.
    """

    path: Path
    kind: str
    library: str
    default: Encode | None
    plain: Encode | None
    decode: Callable[[Sequence[int]], str]
    pattern: str | None = None
    specials: Mapping[str, int] | None = None


def oracle_of(path: Path) -> Oracle:
    """The oracle of a file."""
    name = path.name
    if name == "tekken.json":
        return _tekken(path)
    if name.endswith(".gguf"):
        return _json(path, path.with_name("tokenizer.json"), "GGUF")
    if name == "vocab.json":
        return _merges(path)
    if name.endswith(".json"):
        return _json(path, path, "tokenizer.json")
    if name.endswith(".tiktoken"):
        return _ranks(path)
    if name == "vocab.txt":
        return _wordpiece(path)
    return _sentencepiece(path)


def _from_tokenizers(path: Path, kind: str, made: Any, **more: Any) -> Oracle:
    def encode(text: str, plain: bool) -> Sequence[int]:
        made.encode_special_tokens = plain
        return list(made.encode(text, add_special_tokens=False).ids)

    return Oracle(
        path,
        kind,
        "tokenizers",
        lambda text: encode(text, False),
        lambda text: encode(text, True),
        lambda ids: made.decode(list(ids), skip_special_tokens=False),
        **more,
    )


def _json(path: Path, source: Path, kind: str) -> Oracle:
    from tokenizers import Tokenizer

    content = json.loads(source.read_text(encoding="utf-8"))
    made = Tokenizer.from_str(json.dumps({**content, "truncation": None, "padding": None}))
    model = content["model"].get("type") or "BPE"
    return _from_tokenizers(path, f"{kind}, {model}", made)


def _merges(path: Path) -> Oracle:
    from tokenizers import ByteLevelBPETokenizer

    made = ByteLevelBPETokenizer(str(path), str(path.with_name("merges.txt")))
    ids = json.loads(path.read_text(encoding="utf-8"))
    specials = {text: id_ for text, id_ in ids.items() if text in _MARKS}
    made.add_special_tokens(list(specials))
    return _from_tokenizers(
        path, "vocab.json, BPE", made._tokenizer, pattern="gpt2", specials=specials
    )


_MARKS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")


def _wordpiece(path: Path) -> Oracle:
    from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers
    from tokenizers.models import WordPiece

    lines = path.read_text(encoding="utf-8").split("\n")
    vocab = {line.split("\t")[0].rstrip(): id_ for id_, line in enumerate(lines) if line.strip()}
    made = Tokenizer(WordPiece(vocab, unk_token="[UNK]"))
    uncased = path.parent.name in _UNCASED
    made.normalizer = normalizers.BertNormalizer(lowercase=uncased)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    marks = ("[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]")
    made.add_special_tokens([mark for mark in marks if mark in vocab])
    return _from_tokenizers(path, "vocab.txt, WordPiece", made)


def _sentencepiece(path: Path) -> Oracle:
    import sentencepiece

    made = sentencepiece.SentencePieceProcessor(model_file=str(path))
    encode = lambda text: list(made.encode(text))  # noqa: E731
    # Decoding writes U+FFFD for bytes that are no text, as ours does at its edge.
    return Oracle(
        path, "SentencePiece", "sentencepiece", None, encode, lambda ids: made.decode(list(ids))
    )


def _tiktoken(path: Path, kind: str, made: Any, **more: Any) -> Oracle:
    return Oracle(
        path,
        kind,
        "tiktoken",
        lambda text: made.encode(text, allowed_special="all"),
        made.encode_ordinary,
        lambda ids: made.decode(list(ids)),
        **more,
    )


def _ranks(path: Path) -> Oracle:
    import tiktoken

    lines = [line.split() for line in path.read_bytes().splitlines() if line]
    ranks = {base64.b64decode(piece): int(rank) for piece, rank in lines if piece != b"="}
    pattern = next(pattern for name, pattern in PATTERNS.items() if path.name.startswith(name))
    made = tiktoken.Encoding(path.name, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    return _tiktoken(path, "rank file", made, pattern=pattern, specials={})


def _tekken(path: Path) -> Oracle:
    import tiktoken

    content = json.loads(path.read_text(encoding="utf-8"))
    config = content["config"]
    count = config["default_num_special_tokens"]
    kept = content["vocab"][: config["default_vocab_size"] - count]
    ranks = {base64.b64decode(each["token_bytes"]): each["rank"] for each in kept}
    made = tiktoken.Encoding(
        path.name, pat_str=config["pattern"], mergeable_ranks=ranks, special_tokens={}
    )
    # Mistral's own code puts its specials before the ranks and never finds them in text.
    return Oracle(
        path,
        "tekken.json",
        "tiktoken",
        None,
        lambda text: [id_ + count for id_ in made.encode_ordinary(text)],
        lambda ids: made.decode([id_ - count for id_ in ids]),
    )
