"""Image tokenizers of others in the shapes of a recipe of ours.

One is written by hand of torch's own transformer layers and vector-quantize-pytorch; the other is
TiTok of bytedance/1d-tokenizer, where ``TOKENRY_REPOSITORIES`` names a folder with a clone of it.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import torch
from torch import Tensor, nn

from tokenry.signals.recipe import Scale, Vit

REPOSITORY: Final = Path(os.environ.get("TOKENRY_REPOSITORIES", "repositories")) / "1d-tokenizer"
NEEDED: Final = ("omegaconf", "accelerate", "huggingface_hub")


def layers_of(size: Vit) -> nn.Module:
    """Pre-norm layers of torch, all places seeing each other."""
    layer = nn.TransformerEncoderLayer(
        size.width, size.heads, 4 * size.width, dropout=0.0, activation="gelu", batch_first=True,
        norm_first=True,
    )  # fmt: skip
    norm = nn.LayerNorm(size.width)
    return nn.TransformerEncoder(layer, size.layers, norm, enable_nested_tensor=False)


class ByHand(nn.Module):
    """One-stage TiTok as one would write it with torch and vector-quantize-pytorch."""

    def __init__(self, scale: Scale) -> None:
        super().__init__()
        from vector_quantize_pytorch import VectorQuantize

        encoder, decoder, self.scale = scale.encoder, scale.decoder, scale
        places = scale.patches + scale.tokens
        self.patches = nn.Conv2d(3, encoder.width, scale.patch, stride=scale.patch)
        self.registers = nn.Parameter(torch.randn(1, scale.tokens, encoder.width) * 0.02)
        self.seen = nn.Parameter(torch.randn(1, places, encoder.width) * 0.02)
        self.encoder, self.out = layers_of(encoder), nn.Linear(encoder.width, scale.size)
        self.book = VectorQuantize(dim=scale.size, codebook_size=scale.codes, decay=0.95)
        self.into, self.decoder = nn.Linear(scale.size, decoder.width), layers_of(decoder)
        self.mask = nn.Parameter(torch.randn(1, 1, decoder.width) * 0.02)
        self.read = nn.Parameter(torch.randn(1, places, decoder.width) * 0.02)
        self.pixels = nn.ConvTranspose2d(decoder.width, 3, scale.patch, stride=scale.patch)

    def latents(self, images: Tensor) -> Tensor:
        """Before the codebook, shape (batch, tokens, size)."""
        x = self.patches(images).flatten(2).transpose(1, 2)
        x = torch.cat([x, self.registers.expand(len(x), -1, -1)], 1) + self.seen
        return self.out(self.encoder(x)[:, self.scale.patches :])

    @torch.no_grad()
    def encode(self, images: Tensor) -> Tensor:
        """Codes, shape (batch, tokens)."""
        return self.book(self.latents(images))[1]

    def forward(self, images: Tensor) -> Tensor:
        """The loss of a training step."""
        quantized, _, lost = self.book(self.latents(images))
        masks = self.mask.expand(len(images), self.scale.patches, -1)
        x = self.decoder(torch.cat([masks, self.into(quantized)], 1) + self.read)
        x = x[:, : self.scale.patches].transpose(1, 2)
        side = self.scale.image // self.scale.patch
        found = self.pixels(x.reshape(len(x), -1, side, side))
        return (found - images).square().mean() + lost.sum()


def authors_module() -> Any:
    """The module ``modeling.titok`` of the authors, or None where it is not here."""
    if not (REPOSITORY / "modeling" / "titok.py").is_file() or not all(map(find_spec, NEEDED)):
        return None
    for name in ("modeling", "modeling.modules"):  # without what their __init__ imports for losses
        package = ModuleType(name)
        package.__path__ = [str(REPOSITORY.joinpath(*name.split(".")))]
        sys.modules[name] = package
    return import_module("modeling.titok")


def authors_config(scale: Scale, encoder: str, decoder: str, unit: bool) -> dict[str, Any]:
    """Theirs for a size of ours; ``unit``: whether their codebook is of unit vectors."""
    model = {
        "codebook_size": scale.codes, "token_size": scale.size, "use_l2_norm": unit,
        "commitment_cost": 0.25, "vit_enc_model_size": encoder, "vit_dec_model_size": decoder,
        "vit_enc_patch_size": scale.patch, "vit_dec_patch_size": scale.patch,
        "num_latent_tokens": scale.tokens, "finetune_decoder": False, "is_legacy": False,
    }  # fmt: skip
    return {
        "model": {"vq_model": model},
        "dataset": {"preprocessing": {"crop_size": scale.image}},
    }


def authors_titok(scale: Scale, encoder: str, decoder: str) -> Any:
    """The authors' model with drawn weights, or None where it is not here."""
    module = authors_module()
    if module is None:
        return None
    torch.manual_seed(0)
    return module.TiTok(authors_config(scale, encoder, decoder, unit=False)).eval()
