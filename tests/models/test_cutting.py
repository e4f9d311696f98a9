"""A cut model says what the first blocks of the whole say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tokenry.errors import ModelError
from tokenry.models import causal_model

pytest.importorskip("torch")
pytest.importorskip("transformers")

from tiny_models import LAYERS, example

from tokenry.models.cutting import first_blocks


@pytest.fixture(scope="module", params=["transformers, llama", "transformers, gpt2"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of three blocks, and a file beside it."""
    found = tmp_path_factory.mktemp("whole")
    example(request.param).save_pretrained(found)
    (found / "tokenizer.json").write_text("{}")
    return found


def test_it_is_the_first_blocks(folder: Path, tmp_path: Path) -> None:
    cut = causal_model(first_blocks(folder, 2, tmp_path / "cut"))
    whole = causal_model(folder)
    assert (cut.layers, whole.layers) == (2, LAYERS)
    expected = whole.start([[3, 1, 4]], layers=[0, 1]).last
    assert np.allclose(cut.start([[3, 1, 4]]).last, expected, atol=1e-6)
    assert (tmp_path / "cut" / "tokenizer.json").read_text() == "{}"


def test_what_cannot_be_cut(folder: Path, tmp_path: Path) -> None:
    for count in (0, LAYERS):
        with pytest.raises(ModelError, match="expected 1 to 2"):
            first_blocks(folder, count, tmp_path / "cut")
    with pytest.raises(FileExistsError):
        first_blocks(folder, 1, folder)
