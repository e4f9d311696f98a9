"""Matching by canonical bytes: whatever the file spells, a piece is a piece."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tokenry
from tokenry.errors import VocabularyError
from tokenry.learning import learn
from tokenry.tokenizer import Tokenizer, load
from tokenry.transfer import match
from tokenry.transfer.matching import KINDS, ordinary_pieces
from tokenry.transfer.roles import special_roles


def test_pieces_and_specials(old: Tokenizer, new: Tokenizer) -> None:
    found = match(old, new)
    for new_id, piece in ordinary_pieces(new).items():
        old_id = int(found.old_of_new[new_id])
        assert (old_id >= 0) == (piece in old.vocabulary)
        assert old_id < 0 or old.vocabulary[old_id] == piece
    end = new.token_to_id("<|endoftext|>")
    assert found.old_of_new[end] == old.token_to_id("<|endoftext|>")
    assert found.kind(end) == "special"
    assert found.kind(new.token_to_id("<|user|>")) == "none"
    facts = found.facts()
    assert sum(facts[kind] for kind in KINDS) == facts["new_ids"] == len(new)
    assert set(found.matched) == set(found.of_kind(*KINDS[1:]))


def test_of_itself_is_the_identity(new: Tokenizer) -> None:
    assert match(new, new).old_of_new.tolist() == list(range(len(new)))


def test_fuzzy(prose_text: str) -> None:
    old = learn([prose_text], vocab_size=700)
    new = learn([prose_text.upper()], vocab_size=700)
    exact, fuzzy = match(old, new), match(old, new, fuzzy=True)
    more = fuzzy.of_kind("fuzzy")
    assert len(more) > 50
    assert (exact.old_of_new[more] < 0).all()
    for id_ in more[:20]:
        pieces = old.vocabulary[int(fuzzy.old_of_new[id_])], new.vocabulary[int(id_)]
        assert len({(piece or b"").decode().strip().casefold() for piece in pieces}) == 1


def test_ids_without_a_row_are_no_match(old: Tokenizer, new: Tokenizer) -> None:
    whole = match(old, new).old_of_new
    found = match(old, new).within(300)
    assert 200 < found.old_of_new.max() < 300
    assert found.old_of_new.max() == whole[whole < 300].max()
    assert (found.kinds[found.old_of_new < 0] == 0).all()


def test_no_such_id(old: Tokenizer, new: Tokenizer) -> None:
    with pytest.raises(VocabularyError, match="is not one of"):
        match(old, new).kind(len(new))


def test_specials_meet_by_use(old: Tokenizer, prose_text: str) -> None:
    other = learn([prose_text[:20_000]], vocab_size=300, special_tokens=("</s>",))
    assert special_roles(other) == {"eos": other.token_to_id("</s>")}
    found = match(old, other)
    assert found.old_of_new[other.token_to_id("</s>")] == old.token_to_id("<|endoftext|>")


def test_what_the_configuration_names_comes_first(old: Tokenizer) -> None:
    assert special_roles(old.configured(eos="<|pad|>"))["eos"] == old.token_to_id("<|pad|>")


@pytest.mark.shared
def test_spellings_of_published_files_meet(tokenizer_files: Path, census: Path) -> None:
    """The complaint: overlap lost where strings of the two kinds of files are compared."""
    gpt2 = load(tokenizer_files / "gpt-2_tokenizer.json")
    llama = load(census / "llama2-spm" / "tokenizer.model")
    found = match(llama, gpt2)
    names = [gpt2.id_to_token(id_) for id_ in range(len(gpt2))]
    spelled = {llama.id_to_token(id_) for id_ in range(len(llama))}
    naive = sum(name in spelled for name in names)
    assert len(found.matched) > 1.5 * naive
    café = gpt2.vocabulary.id_of("é".encode())
    assert llama.vocabulary[int(found.old_of_new[café])] == "é".encode()
    assert gpt2.id_to_token(café) not in spelled
    byte = gpt2.vocabulary.id_of(b"\xff")
    assert found.kind(byte) == "byte"
    assert found.kind(gpt2.token_to_id("<|endoftext|>")) == "special"
    assert np.array_equal(found.old_of_new >= 0, found.kinds > 0)


@pytest.mark.shared
def test_smollm2_and_its_file_of_another_format(census: Path, tokenizer_files: Path) -> None:
    smollm2 = tokenry.load(census / "smollm2-gguf" / "tokenizer.json")
    gpt2 = load(tokenizer_files / "gpt-2_tokenizer.json")
    assert len(match(smollm2, gpt2).of_kind("exact")) > 30_000
