"""GGUF as a container: ids of the tokenizer inside, and files that are cut or wrong."""

from __future__ import annotations

import json

import pytest
import tiktoken
import tokenizers

from malformed_files import JSON_FILES, SAMPLE, gguf_file, sentencepiece_model
from running import running
from shares import draw, share
from tokenry.errors import FileWarning, FormatError, TokenryError, UnsupportedError
from tokenry.formats import gguf, rwkv, sentencepiece, wordpiece
from tokenry.formats.known_ranks import KNOWN_RANKS
from tokenry.formats.sentencepiece_proto import read_model
from tokenry.vocabulary import from_byte_level

load = running(gguf.load)
load_model = running(sentencepiece.load)
TEXTS = (SAMPLE, "Hello 12 or\n w<|end|>", "", "it's H")


def test_byte_level_ids_are_those_of_tokenizers() -> None:
    content = {**JSON_FILES["bpe"](), "normalizer": None}
    theirs = tokenizers.Tokenizer.from_str(json.dumps(content))
    ours = load(gguf_file())
    for text in TEXTS:
        ids = theirs.encode(text).ids
        assert ours.encode(text, allowed_special="all") == ids
        assert ours.decode(ids) == theirs.decode(ids, skip_special_tokens=False)


def test_sentencepiece_inside() -> None:
    data = sentencepiece_model(2)
    pieces = read_model(data).pieces
    ours = load(
        gguf_file(
            model="llama",
            tokens=[each.piece for each in pieces],
            scores=[each.score for each in pieces],
            token_type=[int(each.type) for each in pieces],
        )
    )
    theirs = load_model(data)
    for text in TEXTS:
        assert ours.encode(text) == theirs.encode(text)


WORDS = (
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "un",
    "##able",
    "##s",
    "a",
    "##a",
    "\u00e9",
    "-",
)


def test_wordpiece_inside() -> None:
    marked = [
        word if word.startswith("[") else word[2:] if word.startswith("##") else "\u2581" + word
        for word in WORDS
    ]
    kinds = [3 if word.startswith("[") else 1 for word in WORDS]
    ours = load(gguf_file(model="bert", tokens=marked, token_type=kinds))
    theirs = running(wordpiece.load)("\n".join(WORDS).encode())
    for text in ("Unable UNABLES a-a [MASK] \u00c9", "", "xyz", "aa[SEP]"):
        for allowed in ("all", frozenset[str]()):
            assert ours.encode(text, allowed_special=allowed) == theirs.encode(
                text, allowed_special=allowed
            )
        assert ours.decode(ours.encode(text)) == theirs.decode(theirs.encode(text))


def test_rwkv_inside() -> None:
    pieces = [bytes([byte]) for byte in range(256)] + [
        b"it's",
        b'"',
        b"a\\n",
        b"\xe4\xbd",
        "\u4f60".encode(),
    ]
    lines = [f"{id_} {piece!r} {len(piece)}" for id_, piece in enumerate(pieces, start=1)]
    theirs = running(rwkv.load)("\n".join(lines).encode())
    # As llama.cpp's converter writes them.
    tokens = ["<s>", *(repr(piece)[2:-1] for piece in pieces)]
    ours = load(gguf_file(model="rwkv", tokens=tokens, token_type=[3, *[1] * len(pieces)]))
    assert ours.vocabulary == theirs.vocabulary
    for text in ('it\'s "a\\n" \u4f60\u597d\t\r\n', "", "\x00\x7f"):
        assert ours.encode(text) == theirs.encode(text)
        assert ours.decode(ours.encode(text)) == text


def test_without_a_name_text_is_cut_as_by_gpt2() -> None:
    with pytest.warns(FileWarning, match="GPT-2"):
        ours = load(gguf_file().replace(b"ggml.pre", b"ggml.prx"))
    assert ours.encode(SAMPLE) == load(gguf_file()).encode(SAMPLE)


def test_what_is_not_known_is_named() -> None:
    with pytest.raises(UnsupportedError, match="pre-tokenizer 'gpt-9'"):
        load(gguf_file(pre="gpt-9"))
    with pytest.raises(UnsupportedError, match="model 'plamo2'"):
        load(gguf_file(model="plamo2"))
    with pytest.raises(FormatError, match="GGUF"):
        load(gguf_file(model="rwkv"))  # not all bytes
    with pytest.raises(FormatError, match="types"):
        load(gguf_file(token_type=[1]))
    with pytest.raises(FormatError, match="twice"):
        load(gguf_file(tokens=["a", "a"], token_type=[1, 1]))


def test_a_file_cut_anywhere_is_one_clear_error() -> None:
    data, rng = gguf_file(), draw("gguf")
    for _ in range(share(200)):
        with pytest.raises(TokenryError, match="GGUF"):
            load(data[: rng.randrange(4, len(data))])


def test_impossible_sizes() -> None:
    data = gguf_file()
    with pytest.raises(FormatError, match="values are more"):
        load(data[:16] + b"\xff" * 8 + data[24:])
    with pytest.raises(UnsupportedError, match="version"):
        load(data[:4] + b"\x09" + data[5:])


def test_kimis_ids_are_ranks() -> None:
    content = JSON_FILES["bpe"]()["model"]
    tokens = [*content["vocab"], "<|end|>"]
    data = gguf_file(pre="kimi-k2", merges=None)
    ours = load(data)
    ranks = {from_byte_level(text): id_ for text, id_ in content["vocab"].items()}
    theirs = tiktoken.Encoding(
        "kimi",
        pat_str=KNOWN_RANKS["kimi_k2"].pattern,
        mergeable_ranks=ranks,
        special_tokens={"<|end|>": len(tokens) - 1},
    )
    for text in TEXTS:
        assert ours.encode(text, allowed_special="all") == theirs.encode(
            text, allowed_special="all"
        )


def test_gemmas_merges_of_characters() -> None:
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    letters = [*"Helowrd,'it a", "\u2581", "\n"]
    merges = ["H e", "l l", "He ll", "Hell o", "\u2581 w", "o r", "\n \n"]
    tokens = [*dict.fromkeys([*bytes_, "<unk>", "<|end|>", *letters])]
    tokens = [token for token in tokens if token != " "]
    tokens += [merge.replace(" ", "") for merge in merges]
    kinds = [6] * 256 + [2, 3] + [1] * (len(tokens) - 258)
    ours = load(gguf_file(model="gemma4", tokens=tokens, token_type=kinds, merges=merges))
    theirs = tokenizers.Tokenizer(
        tokenizers.models.BPE(
            {token: id_ for id_, token in enumerate(tokens)},
            [tuple(merge.split(" ")) for merge in merges],
            byte_fallback=True,
            fuse_unk=True,
            unk_token="<unk>",
        )
    )
    theirs.normalizer = tokenizers.normalizers.Replace(" ", "\u2581")
    theirs.decoder = tokenizers.decoders.Sequence(
        [
            tokenizers.decoders.Replace("\u2581", " "),
            tokenizers.decoders.ByteFallback(),
            tokenizers.decoders.Fuse(),
        ]
    )
    for text in (SAMPLE, "Hello  world\n\n", ""):
        assert ours.encode(text) == theirs.encode(text).ids
        assert ours.decode(ours.encode(text)) == theirs.decode(theirs.encode(text).ids)
