"""Models with different tokenizers as one: a model and its transplant, byte by byte."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from transfer_models import save_model

from tokenry.decoding.bytewise import ByteModel, Ensemble, GeometricMean
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import transplant


def test_a_model_and_its_transplant(old: Tokenizer, new: Tokenizer, tmp_path: Path) -> None:
    source = save_model(tmp_path / "model", old)
    moved = transplant(source, new, tmp_path / "new").folder
    members = [
        ByteModel(folder, tokenizer, begin=[end], ends=[end])
        for folder, tokenizer in ((source, old), (moved, new))
        for end in [tokenizer.token_to_id("<|endoftext|>")]
    ]
    text = b"a t"
    said = np.stack([np.exp(each.next_byte_logprobs(text)) for each in members])
    assert np.abs(said[0] - said[1]).max() > 1e-4
    found = np.exp(Ensemble(members).next_byte_logprobs(text))
    assert np.allclose(found, said.mean(0), atol=1e-9)
    assert abs(found.sum() - 1) < 1e-9
    mixed = np.exp(Ensemble(members, GeometricMean()).next_byte_logprobs(text))
    both = np.sqrt(said[0] * said[1])
    assert np.allclose(mixed, both / both.sum(), atol=1e-9)
