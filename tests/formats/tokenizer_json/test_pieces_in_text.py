"""What a model finds of its specials, and of spaces inside words, as tokenizers does."""

from __future__ import annotations

from tokenizers import AddedToken, Regex, models, pre_tokenizers
from tokenizers import Tokenizer as Theirs

from running import running
from tokenry.formats.tokenizer_json import reading

load = running(reading.load)


def test_a_unigram_finds_its_specials_in_plain_text() -> None:
    pieces = [("<unk>", 0.0), ("</s>", 0.0), *((letter, -2.0) for letter in "\u2581abcs/<>")]
    theirs = Theirs(models.Unigram(pieces, unk_id=0))
    theirs.pre_tokenizer = pre_tokenizers.Metaspace()
    theirs.add_special_tokens(["</s>", AddedToken("<pad>", special=True)])
    ours = load(theirs.to_str().encode())
    for plain in (True, False):
        theirs.encode_special_tokens = plain
        for text in ("a</s>b", "<unk>", "ab <unk>c </s> <pad>", "x<unk>", "<unk>xx</s>", ""):
            allowed = frozenset[str]() if plain else frozenset(("</s>", "<pad>"))
            assert ours.encode(text, allowed_special=allowed) == theirs.encode(text).ids
    assert ours.encode_by_hand("a</s>b") == ours.encode("a</s>b")


def test_wordpiece_continues_a_word_with_a_space() -> None:
    vocab = {piece: id_ for id_, piece in enumerate(["[UNK]", " ", "## ", "a", "##a", "## a"])}
    theirs = Theirs(models.WordPiece(vocab, unk_token="[UNK]"))
    theirs.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^|]+"), "removed", invert=True)
    ours = load(theirs.to_str().encode())
    for text in ("  ", "a a", "   a|a  a", "a", "b a", ""):
        assert ours.encode(text) == theirs.encode(text).ids == ours.encode_by_hand(text)
