"""Ids, canonical bytes, roles and fingerprints."""

from __future__ import annotations

import hashlib
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import TokenryError, VocabularyError
from tokenry.vocabulary import (
    BYTE_ALPHABET,
    BYTE_LEVEL_ORDER,
    Vocabulary,
    fallback_byte,
    from_byte_level,
    from_metaspace,
    from_wordpiece,
    pack,
    pack_byte_level,
    to_byte_level,
    to_metaspace,
    to_wordpiece,
    unpack,
)

SMALL = Vocabulary(
    [b"a", b"b", b"ab", None, b"a", b"\xc3", b"<s>", b"a", b"<unk>"],
    {6: "special", 7: "byte", 8: "unknown"},
)


def test_pieces_roles_and_lookups() -> None:
    assert len(SMALL) == 9
    assert SMALL[2] == b"ab"
    assert SMALL[3] is None
    assert SMALL.id_of(b"a") == 0  # the ordinary one of the lowest id
    assert SMALL.id_of(b"<s>") == 6
    assert b"ab" in SMALL
    assert b"zz" not in SMALL
    assert SMALL.ids_with("special") == (6,)


def test_a_fallback_byte_gives_way_to_an_ordinary_piece() -> None:
    vocabulary = Vocabulary([b"A", b"A", b"B"], {0: "byte", 2: "byte"})
    assert vocabulary.id_of(b"A") == 1
    assert vocabulary.id_of(b"B") == 2


def test_holes_duplicates_and_partial_utf8_are_reported() -> None:
    assert SMALL.holes() == (3,)
    assert SMALL.duplicates() == {b"a": (0, 4, 7)}
    assert SMALL.partial_utf8() == (5,)


def test_matchable_leaves_out_what_text_cannot_produce() -> None:
    assert SMALL.matchable()[6] is None
    assert SMALL.matchable()[8] is None
    assert SMALL.matchable()[7] == b"a"


def test_a_vocabulary_cannot_be_changed_through_its_roles() -> None:
    with pytest.raises(TypeError):
        SMALL.roles[0] = "special"  # type: ignore[index]


def test_packed_and_listed_pieces_are_one_vocabulary() -> None:
    packed = Vocabulary.from_packed(*SMALL.packed(), SMALL.roles)
    assert len(packed) == 9
    assert [packed[id_] for id_ in range(9)] == list(SMALL.pieces)
    assert packed.single_bytes() == SMALL.single_bytes() == frozenset(b"ab\xc3")
    assert packed.pieces == SMALL.pieces
    assert packed == SMALL
    assert packed.fingerprint() == SMALL.fingerprint()


@given(st.lists(st.none() | st.binary(min_size=1, max_size=3), max_size=12), st.data())
def test_packing_without_some_ids_gives_them_no_bytes(
    pieces: list[bytes | None], data: st.DataObject
) -> None:
    gone = data.draw(st.sets(st.integers(0, len(pieces) - 1))) if pieces else set()
    kept = [None if id_ in gone else piece for id_, piece in enumerate(pieces)]
    assert unpack(*Vocabulary(pieces).packed(without=gone)) == [piece or b"" for piece in kept]


def test_more_ids_go_behind_the_others_or_into_holes() -> None:
    more = Vocabulary([b"a", None, b"b"]).with_ids({4: b"<s>"}, {4: "special"})
    assert more.pieces == (b"a", None, b"b", None, b"<s>")
    assert more.with_ids({1: b"c"}, {}).pieces == (b"a", b"c", b"b", None, b"<s>")
    with pytest.raises(VocabularyError, match="ids range"):
        more.with_ids({2**31 - 1: b"z"}, {})


@pytest.mark.parametrize("id_", [-1, 9, 10**12])
def test_an_unknown_id_is_named_with_the_size(id_: int) -> None:
    with pytest.raises(VocabularyError, match=rf"id {id_} .* 9 ids"):
        SMALL[id_]


def test_an_unknown_piece_is_named() -> None:
    with pytest.raises(VocabularyError, match="zz"):
        SMALL.id_of(b"zz")


def test_unknown_roles_and_ids_out_of_range_are_refused() -> None:
    with pytest.raises(VocabularyError, match="magic"):
        Vocabulary([b"a"], {0: "magic"})
    with pytest.raises(VocabularyError, match="id 7"):
        Vocabulary([b"a"], {7: "special"})


def test_from_ids_fills_holes_and_refuses_absurd_gaps() -> None:
    vocabulary = Vocabulary.from_ids({0: b"a", 3: b"b"}, {5: "special"})
    assert vocabulary.pieces == (b"a", None, None, b"b", None, None)
    with pytest.raises(VocabularyError, match="ids range"):
        Vocabulary.from_ids({0: b"a", 2**31 - 1: b"b"})
    with pytest.raises(VocabularyError, match="ids range"):
        Vocabulary.from_ids({-1: b"a"})


def test_truncating_keeps_ids_and_roles() -> None:
    small = SMALL.truncate(7)
    assert small.pieces == SMALL.pieces[:7]
    assert dict(small.roles) == {6: "special"}
    for size in (0, 10):
        with pytest.raises(VocabularyError, match=f"to {size}"):
            SMALL.truncate(size)


def test_the_fingerprint_is_that_of_the_stated_serialisation() -> None:
    vocabulary = Vocabulary([b"a", None], {1: "special"})
    expected = hashlib.sha256(b"tokenry-vocabulary-1\n61 \n special\n").hexdigest()
    assert vocabulary.fingerprint() == expected


@pytest.mark.parametrize(
    "other",
    [
        Vocabulary([b"a", b"b"]),
        Vocabulary([b"ab"]),
        Vocabulary([b"a", b"b"], {1: "special"}),
        Vocabulary([b"b", b"a"]),
        Vocabulary([b"a", b"b", None]),
    ],
)
def test_fingerprints_tell_vocabularies_apart(other: Vocabulary) -> None:
    reference = Vocabulary([b"a", b"b"])
    assert (other.fingerprint() == reference.fingerprint()) == (other == reference)


def test_vocabularies_pickle_and_hash_by_value() -> None:
    again = pickle.loads(pickle.dumps(SMALL))
    assert again == SMALL
    assert hash(again) == hash(SMALL)


def test_the_byte_alphabet_is_that_of_gpt2() -> None:
    assert len(set(BYTE_ALPHABET)) == 256
    assert to_byte_level(b" \n\x00a\xff") == "ĠĊĀaÿ"
    assert from_byte_level("Ġthe") == b" the"
    # GPT-2 numbers "!" first and byte 0 after the printable ones.
    assert BYTE_LEVEL_ORDER[0] == ord("!")
    assert BYTE_LEVEL_ORDER[188] == 0
    with pytest.raises(VocabularyError, match="'€'"):
        from_byte_level("a€")


@given(st.binary(max_size=40))
def test_the_byte_alphabet_round_trips(data: bytes) -> None:
    assert from_byte_level(to_byte_level(data)) == data


@given(st.lists(st.binary(max_size=4), max_size=8))
def test_many_byte_level_texts_are_read_as_one(pieces: list[bytes]) -> None:
    texts = [to_byte_level(piece) for piece in pieces]
    assert unpack(*pack_byte_level(texts)) == pieces
    for wrong in ("€", " ", "\ud800", "😀"):
        with pytest.raises(VocabularyError, match="stands for no byte"):
            pack_byte_level([*texts, wrong])


def test_marks_of_other_families() -> None:
    assert from_metaspace("▁the▁") == b" the "
    assert to_metaspace(b" the") == "▁the"
    assert from_wordpiece("##ing") == b"ing"
    assert from_wordpiece("the") == b" the"
    assert [to_wordpiece(from_wordpiece(text)) for text in ("##ing", "the")] == ["##ing", "the"]
    assert fallback_byte("<0x0A>") == 10
    assert fallback_byte("<0x0a>") == 10
    assert [fallback_byte(text) for text in ("<0xA>", "<0x0A> ", "x", "<0xGG>")] == [None] * 4


@given(st.lists(st.one_of(st.none(), st.binary(max_size=5)), max_size=20))
def test_packing_round_trips(pieces: list[bytes | None]) -> None:
    run, offsets = pack(pieces)
    assert offsets.dtype == np.uint64
    assert unpack(run, offsets) == [piece or b"" for piece in pieces]


def test_errors_are_ours() -> None:
    assert issubclass(VocabularyError, TokenryError)
