"""Id maps: what they say, how they are kept, and what is refused."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tokenry.errors import FormatError, VocabularyError
from tokenry.surgery import IdMap, extend, prune
from tokenry.tokenizer import Tokenizer


@pytest.fixture
def id_map(make: Callable[[str], Tokenizer]) -> IdMap:
    return extend(make("bpe"), [b" zymurgy", b" zymurgist"]).ids


def same(one: IdMap, two: IdMap) -> bool:
    return one.to_json() == two.to_json()


@pytest.mark.parametrize("name", ["map.json", "map.npz"])
def test_files_hold_all(id_map: IdMap, tmp_path: Path, name: str) -> None:
    again = IdMap.load(id_map.save(tmp_path / name))
    assert same(again, id_map)
    assert again.new_of_old.dtype == np.int64


def test_says_where_ids_went(make: Callable[[str], Tokenizer], prose_text: str) -> None:
    tokenizer = make("bpe")
    done = prune(tokenizer, [prose_text[:5000]])
    kept = np.flatnonzero(done.ids.new_of_old >= 0)
    assert (done.ids.old_of_new == kept).all()
    assert len(done.ids.dropped) + done.ids.new_size == len(tokenizer.vocabulary)
    assert done.ids.parts(300) == [int(kept[300])]
    assert done.facts()["dropped"] == len(done.ids.dropped)
    assert done.ids.old == tokenizer.vocabulary.fingerprint()
    with pytest.raises(VocabularyError, match="not one of"):
        done.ids.parts(done.ids.new_size)


def test_an_npz_with_pickled_objects_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "evil.npz"
    np.savez(path, head=np.array([{"a": 1}], dtype=object))
    with pytest.raises(FormatError, match="no id map"):
        IdMap.load(path)
    path.write_bytes(pickle.dumps({"format": "tokenry-id-map"}))
    with pytest.raises(FormatError, match="no id map"):
        IdMap.load(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "other"}, "no id map"),
        ({"version": 2}, "version 2"),
        ({"new_of_old": None}, "lists of integers"),
        ({"new_of_old": [0.5, 1.0]}, "lists of integers"),
        ({"new_of_old": [0, 0]}, "once"),
        ({"part_offsets": [0, 1]}, "part_offsets"),
        ({"part_ids": [10**6] * 3}, "part"),
        ({"new_size": 10**6}, "once"),
        ({"new_size": "many"}, "many"),
    ],
)
def test_refuses_what_contradicts_itself(
    id_map: IdMap, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    path = tmp_path / "map.json"
    path.write_text(json.dumps({**id_map.to_json(), **change}))
    with pytest.raises(FormatError, match=message):
        IdMap.load(path)


def test_refuses_other_files(id_map: IdMap, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"\.npz"):
        id_map.save(tmp_path / "map.bin")
    (tmp_path / "map.json").write_text("[")
    with pytest.raises(FormatError, match="no id map"):
        IdMap.load(tmp_path / "map.json")
    missing = id_map.to_json()
    del missing["added"]
    (tmp_path / "map.json").write_text(json.dumps(missing))
    with pytest.raises(FormatError, match="'added' is missing"):
        IdMap.load(tmp_path / "map.json")
    with pytest.raises(FileNotFoundError):
        IdMap.load(tmp_path / "none.npz")
