"""FlexTok's checkpoints, held to the authors' whole module where it and diffusers are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
from authors_flextok import SIDE, TOKENS, authors_class, config  # noqa: E402

from tokenry.errors import SignalError  # noqa: E402
from tokenry.signals.codec import Codec  # noqa: E402
from tokenry.signals.importing.reading import import_codec  # noqa: E402

PIXELS = SIDE * 2 * 2
NOISE = {"vae": 0.05, "encoder": 0.2, "decoder": 0.08}
"""How far weights are from where they start: codes have to depend on the pixels."""


@pytest.fixture(scope="module")
def authors() -> Any:
    """Their class."""
    found = authors_class()
    if found is None:
        pytest.skip("no clone of ml-flextok in TOKENRY_REPOSITORIES, or not what it imports")
    return found


def released(authors: Any, expansion: int, folder: Path) -> Any:
    """Their module with random weights, saved as they save it."""
    made = config(expansion)
    torch.manual_seed(7)
    model = authors(made).eval()
    with torch.no_grad():
        for name, each in model.named_parameters():
            each.add_(torch.randn_like(each) * NOISE[name.partition(".")[0]])
    for each in model.modules():  # compiled otherwise
        if hasattr(each, "use_flex_attention"):
            each.use_flex_attention = False
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    (folder / "config.json").write_text(json.dumps(made))
    return model


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("expansion", "kept"), [(1, TOKENS), (2, 2)])
def test_codes_and_pixels_are_those_of_the_authors(
    authors: Any, tmp_path: Path, expansion: int, kept: int
) -> None:
    model = released(authors, expansion, tmp_path)
    codec = import_codec(tmp_path, "flextok")
    pixels = torch.rand(2, 3, PIXELS, PIXELS) * 2 - 1
    with torch.no_grad():
        ids = torch.cat(model.tokenize(pixels))
    codes, _ = codec.network.encoded(pixels, {})
    assert torch.equal(codes[..., 0], ids)
    assert not torch.equal(ids[0], ids[1])
    draw = torch.Generator().manual_seed(11)
    expected = model.detokenize(
        [ids[:1, :kept]], vae_image_sizes=2 * SIDE, timesteps=25, generator=draw, verbose=False
    )
    mask = torch.arange(TOKENS)[None] < kept
    values = codec.network.decoded(codes[:1], mask, {}, seed=11)
    assert torch.allclose(values, expected, atol=1e-4 * float(expected.abs().max()))


@pytest.mark.filterwarnings("ignore")
def test_what_is_imported_is_saved_and_what_cannot_be_read_says_why(
    authors: Any, tmp_path: Path
) -> None:
    released(authors, 2, tmp_path)
    codec = import_codec(tmp_path, "flextok")
    assert codec.about["unread"] == ["decoder.module_dict.dec_latent_dropout.nullcond"]
    codec.save(tmp_path / "codec")
    assert Codec.load(tmp_path / "codec").assembly == codec.assembly
    told = config(2)
    del told["vae"]["scaling_factor"]
    changed = {"scaling_factor": told, "head_dim": config(2), "names 0 TimestepEmbedder": config(2)}
    changed["head_dim"]["encoder"]["module_dict"]["enc_transformer"]["head_dim"] = 32
    del changed["names 0 TimestepEmbedder"]["decoder"]["module_dict"]["dec_time_embedder"]
    for message, each in changed.items():
        (tmp_path / "config.json").write_text(json.dumps(each))
        with pytest.raises(SignalError, match=message):
            import_codec(tmp_path, "flextok")


def test_a_checkpoint_without_its_configuration_is_refused(tmp_path: Path) -> None:
    torch.save({"encoder.x": torch.zeros(1)}, tmp_path / "pytorch_model.bin")
    with pytest.raises(SignalError, match=r"config\.json"):
        import_codec(tmp_path, "flextok")
