"""What a caller gives to be measured: tokenizers and texts from memory and from files."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokenry
from tokenry.card import CardOptions, measure_card
from tokenry.card.given import documents_of, labels_of, name_tokenizers
from tokenry.card.measure import measure
from tokenry.corpus import Corpus, Document
from tokenry.errors import CorpusError, StudyError
from tokenry.measuring import Sample, encode_speeds


def test_tokenizers_get_names_that_differ(data: Path) -> None:
    tokenizer = tokenry.load(data / "first")
    named = name_tokenizers((tokenizer, data / "first", str(data / "first"), tokenizer))
    assert len({each.name for each in named}) == 4
    assert [each.path for each in named] == [None, data / "first", data / "first", None]


def test_the_card_of_given_paths_is_that_of_options(
    data: Path, options: CardOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    speed = encode_speeds({"x": tokenry.load(data / "first")}, Sample.of([b"some text"]))["x"]
    monkeypatch.setattr(
        "tokenry.card.measure.encode_speeds", lambda found, _: dict.fromkeys(found, speed)
    )
    names = ("on", "parallel", "made_for", "gold", "words", "price", "budget")
    given = {name: getattr(options, name) for name in names}
    given |= {"on": list(map(Path, options.on)), "parallel": str(options.parallel)}
    one = measure(*options.tokenizers, **given).content
    other = measure_card(options).content
    assert one | {"created": ""} == other | {"created": ""}


def test_a_tokenizer_from_memory_has_no_file(data: Path) -> None:
    card = measure(tokenry.load(data / "first"), on=["the cat sat on the mat", "and the dog"])
    identity = card.tokenizers[0].identity
    assert (identity.file, identity.file_bytes) == (None, 0)
    assert card.data.source == ("texts in memory",)
    assert card.data.documents == 2
    assert card.parallel is None
    assert "Scorecard" in card.to_html()
    assert "file: null" in card.to_markdown()
    assert tokenry.Card.from_json(card.content).content == card.content


def test_texts_come_in_many_forms(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("from a file")
    documents = [Document(b"one", "", "x"), "two", b"three"]
    for on in (documents, tuple(documents), Corpus.from_texts(documents), iter(documents)):
        assert labels_of(on) == ("texts in memory",)
        found = documents_of(on)
        assert found is not None
        assert [each.data for each in found] == [b"one", b"two", b"three"]
    mapping = {"files": [tmp_path / "a.txt"], "texts": ["two"], "path": str(tmp_path)}
    found = documents_of(mapping)
    assert found is not None
    assert [(each.domain, each.data) for each in found] == [
        ("files", b"from a file"), ("texts", b"two"), ("path", b"from a file"),
    ]  # fmt: skip
    assert labels_of(mapping) == ("files", "texts", "path")
    for paths in (str(tmp_path), tmp_path, [tmp_path]):
        assert documents_of(paths) is None
        assert labels_of(paths) == (str(tmp_path),)
    assert documents_of(None) is None
    assert labels_of(None) == ()


def test_refuses_what_it_cannot_tell(data: Path) -> None:
    with pytest.raises(CorpusError, match=r"there is a file of that name; give pathlib\.Path"):
        measure(data / "first", on=[str(data / "prose.txt")])
    with pytest.raises(StudyError, match="needs a tokenizer"):
        measure(on=["text"])
    with pytest.raises(CorpusError, match="no text"):
        measure(data / "first", on=[])
