"""TiTok's checkpoints of one stage and of two: names and shapes here.

Outputs are held to the authors' modules where they are.

``TOKENRY_REPOSITORIES`` names a folder with a clone of 1d-tokenizer.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from tokenry.cli.app import app
from tokenry.errors import SignalError
from tokenry.signals.codec import Codec
from tokenry.signals.importing.reading import import_codec
from tokenry.signals.recipe import Scale, Vit
from tokenry.signals.recipes.registry import RECIPES
from tokenry.signals.recipes.titok import one_stage

torch = pytest.importorskip("torch")
from benchmarks.image_rivals import authors_config, authors_module  # noqa: E402

SMALL = Scale(
    image=16, patch=8, tokens=3, codes=10, size=4, encoder=Vit(width=512, layers=1, heads=8),
    decoder=Vit(width=512, layers=2, heads=8),
)  # fmt: skip


def theirs(scale: Scale) -> dict[str, Any]:
    """Random tensors under the names of the authors' files, in their shapes."""
    torch.manual_seed(3)
    patch, width = scale.patch, scale.encoder.width
    tensors = {
        "latent_tokens": torch.randn(scale.tokens, width),
        "quantize.embedding.weight": torch.randn(scale.codes, scale.size),
        "encoder.patch_embed.weight": torch.randn(width, 3, patch, patch) / 14,
        "encoder.patch_embed.bias": torch.randn(width),
        "encoder.conv_out.weight": torch.randn(scale.size, width, 1, 1) / 22,
        "encoder.conv_out.bias": torch.randn(scale.size),
        "decoder.decoder_embed.weight": torch.randn(width, scale.size),
        "decoder.decoder_embed.bias": torch.randn(width),
        "decoder.mask_token": torch.randn(1, 1, width),
        "decoder.ffn.0.weight": torch.randn(3 * patch**2, width, 1, 1) / 22,
        "decoder.ffn.0.bias": torch.randn(3 * patch**2),
        "decoder.conv_out.weight": torch.randn(3, 3, 3, 3),
        "decoder.conv_out.bias": torch.randn(3),
    }
    for side, layers in (("encoder", scale.encoder.layers), ("decoder", scale.decoder.layers)):
        shapes = {
            "class_embedding": (1, width),
            "positional_embedding": (scale.patches + 1, width),
            "latent_token_positional_embedding": (scale.tokens, width),
        }
        norms = ["ln_pre", "ln_post"]
        for layer in range(layers):
            block = f"transformer.{layer}"
            norms += [f"{block}.ln_1", f"{block}.ln_2"]
            shapes |= {
                f"{block}.attn.in_proj_weight": (3 * width, width),
                f"{block}.attn.in_proj_bias": (3 * width,),
                f"{block}.attn.out_proj.weight": (width, width),
                f"{block}.attn.out_proj.bias": (width,),
                f"{block}.mlp.c_fc.weight": (4 * width, width),
                f"{block}.mlp.c_fc.bias": (4 * width,),
                f"{block}.mlp.c_proj.weight": (width, 4 * width),
                f"{block}.mlp.c_proj.bias": (width,),
            }
        shapes |= {f"{norm}.{kind}": (width,) for norm in norms for kind in ("weight", "bias")}
        drawn = {name: torch.randn(shape) / shape[-1] ** 0.5 for name, shape in shapes.items()}
        tensors |= {f"{side}.{name}": each for name, each in drawn.items()}
    return tensors


def of_two_stages(scale: Scale, channels: int = 32) -> dict[str, Any]:
    """The same of two stages, the pixels' convolutions of four levels and few channels."""
    tensors, width = theirs(scale), scale.decoder.width
    kept = {name: each for name, each in tensors.items() if "ffn" not in name}
    made: dict[str, tuple[int, ...]] = {
        "decoder.ffn.0.weight": (2 * width, width, 1, 1),
        "decoder.ffn.0.bias": (2 * width,),
        "decoder.ffn.2.weight": (6, 2 * width, 1, 1),
        "decoder.ffn.2.bias": (6,),
        "pixel_quantize.embedding.weight": (6, 5),
        "pixel_decoder.conv_in.weight": (2 * channels, 5, 3, 3),
        "pixel_decoder.conv_in.bias": (2 * channels,),
        "pixel_decoder.norm_out.weight": (channels,),
        "pixel_decoder.norm_out.bias": (channels,),
        "pixel_decoder.conv_out.weight": (3, channels, 3, 3),
        "pixel_decoder.conv_out.bias": (3,),
    }
    blocks = {"mid.0": (2, 2), "mid.1": (2, 2)}
    for level, pair in {3: (2, 2), 2: (2, 2), 1: (2, 1), 0: (1, 1)}.items():
        blocks |= {f"up.{level}.block.0": pair, f"up.{level}.block.1": (pair[1], pair[1])}
        if level:
            after = pair[1] * channels
            made[f"pixel_decoder.up.{level}.upsample_conv.weight"] = (after, after, 3, 3)
            made[f"pixel_decoder.up.{level}.upsample_conv.bias"] = (after,)
    for name, multiples in blocks.items():
        given, after = (channels * each for each in multiples)
        block = f"pixel_decoder.{name}"
        made |= {f"{block}.norm1.{kind}": (given,) for kind in ("weight", "bias")}
        made |= {f"{block}.norm2.{kind}": (after,) for kind in ("weight", "bias")}
        made[f"{block}.conv1.weight"] = (after, given, 3, 3)
        made[f"{block}.conv2.weight"] = (after, after, 3, 3)
        if given != after:
            made[f"{block}.nin_shortcut.weight"] = (after, after, 1, 1)
    drawn = {
        name: torch.randn(shape) / max(1, int(np.prod(shape[1:]))) ** 0.5
        for name, shape in made.items()
    }
    left = {name: each for name, each in kept.items() if not name.startswith("decoder.conv_out")}
    return {**left, **drawn}


def written(tensors: dict[str, Any], folder: Path) -> Path:
    torch.save(tensors, folder / "titok.bin")
    return folder / "titok.bin"


def test_every_tensor_has_its_place(tmp_path: Path) -> None:
    tensors = theirs(SMALL)
    asked = [str(written(tensors, tmp_path)), "--recipe", "titok", "--out", str(tmp_path / "codec")]
    done = CliRunner().invoke(app, ["codec", "import", *asked, "--json"])
    assert done.exit_code == 0, done.output
    codec = Codec.load(tmp_path / "codec")
    assert json.loads(done.stdout)["fingerprint"] == codec.fingerprint
    expected = one_stage(SMALL)
    assert replace(codec.assembly, training=expected.training) == expected
    own = {name for name, _ in codec.network.named_parameters()}
    count = sum(each.numel() for each in codec.network.parameters())
    beside = SMALL.codes + SMALL.size  # how often rows are chosen; what stands for absent tokens
    assert count == sum(each.numel() for each in tensors.values()) + beside
    assert {"absent", "bottleneck.used.use"} < own
    images = np.zeros((2, 16, 16, 3), np.uint8)
    assert codec.decode(codec.encode(images)).shape == images.shape


def test_every_tensor_of_two_stages_has_its_place(tmp_path: Path) -> None:
    tensors = of_two_stages(SMALL)
    codec = import_codec(written(tensors, tmp_path), "titok-proxy")
    decoder = codec.assembly.base.decoder  # type: ignore[attr-defined]
    assert (decoder.channels, decoder.multiples, decoder.blocks) == (32, (2, 2, 1, 1), 2)
    folded = sum(each.numel() for name, each in tensors.items() if "nin_shortcut" in name)
    count = sum(each.numel() for each in codec.network.parameters())
    beside = SMALL.codes + SMALL.size
    assert count == sum(each.numel() for each in tensors.values()) - folded + beside
    codec.save(tmp_path / "codec")
    images = np.zeros((2, 16, 16, 3), np.uint8)
    codes = codec.encode(images)
    again = Codec.load(tmp_path / "codec")
    assert np.array_equal(again.decode(codes), codec.decode(codes))


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    tensors = theirs(SMALL)
    with pytest.raises(SignalError, match="name the recipe titok-proxy"):
        import_codec(written({**tensors, "pixel_decoder.x": torch.zeros(1)}, tmp_path), "titok")
    with pytest.raises(SignalError, match="name the recipe titok"):
        import_codec(written(tensors, tmp_path), "titok-proxy")
    first = {name: each for name, each in of_two_stages(SMALL).items() if "pixel" not in name}
    with pytest.raises(SignalError, match="has no pixel_decoder"):
        import_codec(written(first, tmp_path), "titok-proxy")
    few = {name: each for name, each in tensors.items() if name != "encoder.ln_post.bias"}
    with pytest.raises(SignalError, match=r"no tensor encoder\.ln_post\.bias"):
        import_codec(written(few, tmp_path), "titok")
    wrong = {**tensors, "encoder.conv_out.bias": torch.zeros(7)}
    with pytest.raises(SignalError, match=r"shape \(7,\)"):
        import_codec(written(wrong, tmp_path), "titok")
    (tmp_path / "titok.bin").write_bytes(b"no tensors")
    with pytest.raises(SignalError, match="without running code"):
        import_codec(tmp_path / "titok.bin", "titok")
    with pytest.raises(SignalError, match="is no checkpoint"):
        import_codec(tmp_path / "none.bin", "titok")


@pytest.fixture(scope="module")
def authors() -> Any:
    """The module ``modeling.titok`` of the authors."""
    module = authors_module()
    if module is None:
        pytest.skip("no clone of 1d-tokenizer in TOKENRY_REPOSITORIES, or not what it imports")
    return module


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("unit", [False, True])
def test_codes_and_pixels_are_those_of_the_authors(
    authors: Any, tmp_path: Path, unit: bool
) -> None:
    config = authors_config(SMALL, "small", "small", unit)
    torch.manual_seed(5)
    model = authors.TiTok(config).eval()
    with torch.no_grad():
        for each in model.parameters():
            each.add_(torch.randn_like(each) * 0.05)
    (tmp_path / "config.json").write_text(json.dumps(config))
    codec = import_codec(written(model.state_dict(), tmp_path), "titok")
    pixels = torch.rand(2, 3, 16, 16)
    with torch.no_grad():
        _, told = model.encode(pixels)
        codes, kept = codec.network.encoded(pixels * 2 - 1, {})
        expected = model.decode_tokens(told["min_encoding_indices"])
        values = codec.network.decoded(codes, kept, {})
    assert torch.equal(codes[..., 0], told["min_encoding_indices"][:, 0])
    assert torch.allclose((values + 1) / 2, expected, atol=1e-4)


@pytest.mark.filterwarnings("ignore")
def test_two_stages_are_those_of_the_authors(authors: Any, tmp_path: Path) -> None:
    """Their convolutions are of one size: a grid of 2 x 2 becomes 32 x 32 pixels."""
    scale = replace(SMALL, image=32, patch=16, tokens=5)
    config = authors_config(scale, "small", "small", unit=True)
    config["model"]["vq_model"] |= {"finetune_decoder": True, "is_legacy": True}
    torch.manual_seed(6)
    model = authors.TiTok(config).eval()
    with torch.no_grad():
        for each in model.parameters():
            each.add_(torch.randn_like(each) * 0.05)
    codec = import_codec(written(model.state_dict(), tmp_path), "titok-proxy")
    pixels = torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        _, told = model.encode(pixels)
        codes, kept = codec.network.encoded(pixels * 2 - 1, {})
        expected = model.decode_tokens(told["min_encoding_indices"])
        values = codec.network.decoded(codes, kept, {})
    assert torch.equal(codes[..., 0], told["min_encoding_indices"][:, 0])
    assert torch.allclose((values + 1) / 2, expected, atol=1e-4 * float(expected.abs().max()))
    own = sum(each.numel() for each in codec.network.parameters()) - scale.codes - scale.size
    folded = sum(each.numel() for name, each in model.named_parameters() if "nin_shortcut" in name)
    assert own == sum(each.numel() for each in model.parameters()) - folded


@pytest.mark.filterwarnings("ignore")
def test_the_paper_size_of_two_stages_has_the_parameters_of_the_authors(authors: Any) -> None:
    """But for the base's encoder, which theirs leaves out, and shortcuts, which ours folds in."""
    paper = RECIPES.load("titok-proxy").paper
    config = authors_config(paper, "large", "large", unit=True)
    config["model"]["vq_model"] |= {"finetune_decoder": True, "is_legacy": True}
    with torch.device("meta"):
        model = authors.TiTok(config)
    theirs_too = {
        name: each.numel()
        for name, each in RECIPES.load("titok-proxy")
        .assembly("paper")
        .build(device="meta")
        .named_parameters()
        if not name.startswith(("base.stem.", "base.trunk.", "base.out."))
        and not name.endswith("used.use")
        and name != "absent"
    }
    folded = sum(e.numel() for n, e in model.named_parameters() if "nin_shortcut" in n)
    assert sum(theirs_too.values()) + folded == sum(e.numel() for e in model.parameters())


@pytest.mark.filterwarnings("ignore")
def test_the_paper_size_has_the_parameters_of_the_authors(authors: Any) -> None:
    paper = RECIPES.load("titok").paper
    with torch.device("meta"):
        model = authors.TiTok(authors_config(paper, "base", "large", unit=False))
    count = sum(each.numel() for each in model.parameters())
    ours = RECIPES.load("titok").assembly("paper").build(device="meta")
    assert sum(e.numel() for e in ours.parameters()) == count + paper.codes + paper.size
    assert RECIPES.load("titok").published.parameters == count
