"""FlexTok of its authors, of any size, out of a clone of their repository.

``TOKENRY_REPOSITORIES`` names a folder with a clone of ml-flextok; it needs diffusers and mup.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

FLEXTOK = Path(os.environ.get("TOKENRY_REPOSITORIES", "repositories")) / "ml-flextok"
NEEDED = ("diffusers", "mup", "huggingface_hub")
LATENTS, WIDTH, TOKENS, SIDE = 4, 64, 6, 4


def instantiate(config: Any) -> Any:
    """What hydra does: an entry with ``_target_`` becomes what that makes of the others."""
    if isinstance(config, list):
        return [instantiate(each) for each in config]
    if not isinstance(config, dict):
        return config
    given = {name: instantiate(each) for name, each in config.items() if not name.startswith("_")}
    if "_target_" not in config:
        return given
    module, _, name = config["_target_"].rpartition(".")
    made = getattr(import_module(module), name)
    return partial(made, **given) if config.get("_partial_") else made(**given)


@contextmanager
def stood_in(modules: dict[str, ModuleType]) -> Iterator[None]:
    """For as long as this lasts, these are imported by their names."""
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def authors_class() -> Any:
    """Their ``FlexTokFromHub``, or None where it or what it imports is not here."""
    root = FLEXTOK / "flextok"
    if not (root / "flextok_wrapper.py").is_file() or not all(map(find_spec, NEEDED)):
        return None
    for file in sorted(root.rglob("__init__.py")):  # without what their __init__ imports
        name = ".".join(file.parent.relative_to(FLEXTOK).parts)
        package = ModuleType(name)
        package.__path__ = [str(file.parent)]
        sys.modules[name] = package
    names = ("torchvision", "torchvision.transforms", "torchvision.transforms.functional")
    with stood_in({name: ModuleType(name) for name in names}):
        import_module("flextok.utils.misc")  # which names them and does not use them
    hydra = ModuleType("hydra.utils")
    vars(hydra)["instantiate"] = instantiate
    base = import_module("flextok.vae_wrapper").VAE_BASE_CFG
    base.update(block_out_channels=[32, 32], layers_per_block=1)
    base.update(
        down_block_types=["DownEncoderBlock2D"] * 2, up_block_types=["UpDecoderBlock2D"] * 2
    )
    with stood_in({"hydra": ModuleType("hydra"), "hydra.utils": hydra}):
        return import_module("flextok.flextok_wrapper").FlexTokFromHub


def _module(kind: str, **arguments: Any) -> dict[str, Any]:
    return {"_target_": f"flextok.{kind}", **arguments}


def _reordered(read: str, write: str, way: str) -> dict[str, Any]:
    how = _module(f"model.utils.dict_ops.{way}", _partial_=True)
    return _module(
        "model.utils.dict_ops.PerSampleOp", read_key=read, write_key=write, per_sample_op=how
    )


def _patches(side: str, read: str, positions: str) -> dict[str, Any]:
    return {
        f"{side}_to_last": _reordered(read, f"{side}_last", "channels_first_to_last"),
        f"{side}_patch_emb": _module(
            "model.preprocessors.patching.PatchEmbedder",
            input_tensor_list_read_key=f"{side}_last", patches_list_write_key=f"{side}_patches",
            n_patches_write_key=f"{side}_n", patch_sizes=[2, 2], channels_in=LATENTS, dim=WIDTH,
            flatten_patches=False,
        ),
        f"{side}_patches_posemb": _module(
            "model.utils.posembs.PositionalEmbeddingAdder",
            read_key=f"{side}_patches", write_key=f"{side}_patches", dim=WIDTH,
            max_sizes=[SIDE, SIDE], posemb_type=positions,
        ),
    }  # fmt: skip


def _transformer(side: str, depth: int, mask: str, tokens: str, **told: Any) -> dict[str, Any]:
    packed = {
        "inner_packed_shapes": f"{side}_inner", "outer_packed_shapes": f"{side}_outer",
    }  # fmt: skip
    packer = _module(
        "model.preprocessors.flex_seq_packing.BlockWiseSequencePacker",
        input_list_read_keys=[f"{side}_patches", tokens], packed_seq_write_key=f"{side}_seq",
        block_mask_write_key=f"{side}_mask", mask_mode=mask, pad_to_multiple=128,
        compile_block_mask=False, return_materialized_mask=True,
        emb_packing_fn_write_key=f"{side}_spread", per_subseq_embs=told.get("adaLN_expansion") == 2,
        **{f"{name}_write_key": key for name, key in packed.items()},
    )  # fmt: skip
    trunk = _module(
        "model.trunks.transformers.FlexTransformer",
        input_seq_read_key=f"{side}_seq", output_seq_write_key=f"{side}_seq", dim=WIDTH,
        depth=depth, block_mask_read_key=f"{side}_mask", **told,
    )  # fmt: skip
    unpacker = _module(
        "model.postprocessors.seq_unpacking.SequenceUnpacker",
        packed_seq_read_key=f"{side}_seq", inner_seq_write_keys=[f"{side}_made", f"{side}_latents"],
        **{f"{name}_read_key": key for name, key in packed.items()},
    )  # fmt: skip
    return {f"{side}_packer": packer, f"{side}_transformer": trunk, f"{side}_unpacker": unpacker}


def config(expansion: int) -> dict[str, Any]:
    """As the released ones, tiny.

    Args:
        expansion: 1, or 2 where patches and registers are modulated apart.
    """
    encoder = {
        **_patches("enc", "vae_latents", "sincos"),
        "enc_register_module": _module(
            "model.preprocessors.registers.Registers1D",
            input_tensor_list_read_key="enc_patches", register_sizes_read_write_key="sizes",
            registers_write_key="enc_registers", dim=WIDTH, n_min=TOKENS, n_max=TOKENS,
        ),
        **_transformer("enc", 2, "causal_last", "enc_registers"),
        "enc_to_latents": _module(
            "model.postprocessors.heads.LinearHead", read_key="enc_latents", write_key="latents",
            dim=WIDTH, dim_out=6, use_mup_readout=False,
        ),
    }  # fmt: skip
    decoder = {
        "dec_from_latents": _module(
            "model.preprocessors.linear.LinearLayer", read_key="quants", write_key="dec_quants",
            dim_in=6, dim=WIDTH,
        ),
        "dec_registers_posemb": _module(
            "model.utils.posembs.PositionalEmbeddingAdder", read_key="dec_quants",
            write_key="dec_quants", dim=WIDTH, max_sizes=[TOKENS], posemb_type="learnable_sum",
        ),
        "dec_nested_dropout": _module(
            "model.preprocessors.token_dropout.MaskedNestedDropout", read_write_key="dec_quants",
            dim=WIDTH,
        ),
        "dec_latent_dropout": _module(
            "model.preprocessors.nullcond.LearnedNullCond", read_write_key="dec_quants", dim=WIDTH
        ),
        **_patches("dec", "noised", "learnable_sum"),
        "dec_time_embedder": _module(
            "model.preprocessors.time_embedding.TimestepEmbedder", timesteps_read_key="times",
            time_embedding_write_key="temb", dim=WIDTH,
        ),
        **_transformer(
            "dec", 2, "full", "dec_quants", adaLN_emb_read_key="temb",
            adaLN_packing_fn_read_key="dec_spread", adaLN_expansion=expansion,
        ),
        "dec_to_patches": _module(
            "model.postprocessors.heads.ToPatchesLinearHead", read_key="dec_made",
            write_key="dec_last", dim=WIDTH, channels_out=LATENTS, patch_sizes=[2, 2],
            use_mup_readout=False, adaLN_emb_read_key="temb",
        ),
        "dec_to_first": _reordered("dec_last", "made", "channels_last_to_first"),
    }  # fmt: skip
    wrapper = "model.utils.wrappers.SequentialModuleDictWrapper"
    return {
        "vae": _module(
            "vae_wrapper.StableDiffusionVAE", images_read_key="rgb", vae_latents_read_key="made",
            vae_latents_write_key="vae_latents", images_reconst_write_key="images",
            latent_channels=LATENTS, scaling_factor=0.5, sample_posterior=False,
        ),
        "encoder": _module(wrapper, module_dict=encoder),
        "decoder": _module(wrapper, module_dict=decoder),
        "regularizer": _module(
            "regularizers.quantize_fsq.FSQ", latents_read_key="latents", quants_write_key="quants",
            tokens_write_key="ids", levels=[8, 8, 8, 5, 5, 5],
        ),
        "flow_matching_noise_module": _module(
            "flow_matching.noise_modules.MinRFNoiseModule", clean_images_read_key="vae_latents",
            noised_images_write_key="noised", timesteps_write_key="times",
            sigmas_write_key="sigmas",
        ),
        "pipeline": _module(
            "flow_matching.pipelines.MinRFPipeline", _partial_=True, latents_read_key="quants",
            timesteps_read_key="times", noised_images_read_key="noised", reconst_write_key="made",
            out_channels=LATENTS,
        ),
    }  # fmt: skip
