"""A transformer in numpy and float64, written from the papers: what every part must agree with.

A part that computes has its twin here, by the name of its class; `logits` runs a whole model on
its weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Weights = dict[str, Array]


def part_of(weights: Weights, prefix: str) -> Weights:
    """The weights under a name."""
    start = f"{prefix}."
    return {k[len(start) :]: v for k, v in weights.items() if k.startswith(start)}


def linear(weights: Weights, x: Array) -> Array:
    return x @ weights["weight"].T + weights.get("bias", np.float64(0))


def layer_norm(part: Any, weights: Weights, x: Array) -> Array:
    centred = x - x.mean(-1, keepdims=True)
    variance = (centred**2).mean(-1, keepdims=True)
    return centred / np.sqrt(variance + part.epsilon) * weights["weight"] + weights["bias"]


def rms_norm(part: Any, weights: Weights, x: Array) -> Array:
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + part.epsilon) * weights["weight"]


def gelu(part: Any, weights: Weights, x: Array) -> Array:
    inner = linear(part_of(weights, "wide"), x)
    error = np.vectorize(math.erf)(inner / math.sqrt(2))
    return linear(part_of(weights, "narrow"), inner * (1 + error) / 2)


def swiglu(part: Any, weights: Weights, x: Array) -> Array:
    gate = linear(part_of(weights, "gate"), x)
    inner = gate / (1 + np.exp(-gate)) * linear(part_of(weights, "up"), x)
    return linear(part_of(weights, "down"), inner)


def rotated(part: Any, head: Array, at: NDArray[np.int64]) -> Array:
    """A head, (length, size), each pair of dimensions as a complex number that is turned."""
    size = head.shape[-1]
    pairs = head[:, : size // 2] + 1j * head[:, size // 2 :]
    speeds = np.array([part.base ** (-2 * i / size) for i in range(size // 2)])
    turned = pairs * np.exp(1j * at[:, None] * speeds)
    return np.concatenate([turned.real, turned.imag], axis=-1)


def unrotated(part: Any, head: Array, at: NDArray[np.int64]) -> Array:
    return head


def attention(
    part: Any, weights: Weights, x: Array, seen: NDArray[np.bool_], turn: Callable[[Array], Array]
) -> Array:
    """Head by head, query by query."""
    groups = getattr(part, "groups", part.heads)
    query, key, value = (
        np.split(linear(part_of(weights, name), x), count, axis=-1)
        for name, count in (("queries", part.heads), ("keys", groups), ("values", groups))
    )
    out = []
    for head in range(part.heads):
        group = head // (part.heads // groups)
        q, k, v = turn(query[head]), turn(key[group]), value[group]
        scores = np.where(seen, q @ k.T / math.sqrt(q.shape[-1]), -np.inf)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        out.append(shares / shares.sum(-1, keepdims=True) @ v)
    return linear(part_of(weights, "out"), np.concatenate(out, axis=-1))


def pre_norm(part: Any, w: Weights, x: Array, mix: Any, norm: Any, feed: Any) -> Array:
    x = x + mix(part_of(w, "mixer"), norm(part_of(w, "mixer_norm"), x))
    return x + feed(part_of(w, "feedforward"), norm(part_of(w, "feedforward_norm"), x))


def post_norm(part: Any, w: Weights, x: Array, mix: Any, norm: Any, feed: Any) -> Array:
    x = norm(part_of(w, "mixer_norm"), x + mix(part_of(w, "mixer"), x))
    return norm(part_of(w, "feedforward_norm"), x + feed(part_of(w, "feedforward"), x))


def adaptive(part: Any, w: Weights, x: Array, mix: Any, norm: Any, feed: Any) -> Array:
    """Told nothing."""
    told = linear(part_of(w, "told"), w["always"][None])[0]
    shift, scale, gate, shift_2, scale_2, gate_2 = np.split(told, 6)
    normed = norm(part_of(w, "mixer_norm"), x) * (1 + scale) + shift
    x = x + (1 + gate) * mix(part_of(w, "mixer"), normed)
    normed = norm(part_of(w, "feedforward_norm"), x) * (1 + scale_2) + shift_2
    return x + (1 + gate_2) * feed(part_of(w, "feedforward"), normed)


def parallel(part: Any, w: Weights, x: Array, mix: Any, norm: Any, feed: Any) -> Array:
    normed = norm(part_of(w, "norm"), x)
    return x + mix(part_of(w, "mixer"), normed) + feed(part_of(w, "feedforward"), normed)


TWINS: dict[str, Any] = {
    "LayerNorm": layer_norm,
    "RmsNorm": rms_norm,
    "Gelu": gelu,
    "SwiGlu": swiglu,
    "Rotary": rotated,
    "Learned": unrotated,
    "NormedLearned": unrotated,
    "NoPositions": unrotated,
    "MultiHead": attention,
    "GroupedQuery": attention,
    "PreNorm": pre_norm,
    "PostNorm": post_norm,
    "AdaptivePreNorm": adaptive,
    "Parallel": parallel,
}


def twin(part: Any) -> Any:
    """The twin of a part; a computing part without one fails its test here."""
    return TWINS[type(part).__name__]


def logits(config: Any, weights: Weights, ids: list[int]) -> Array:
    """What the model says of one sequence, shape (length, vocab_size) or (classes,)."""
    backbone = config.backbone
    block, rotary = backbone.block, backbone.positions
    at = np.arange(len(ids))
    seen = backbone.topology.mask(len(ids), len(ids))
    x = weights["embedding.rows.weight"][ids]
    if "backbone.positions.rows.weight" in weights:
        x = x + weights["backbone.positions.rows.weight"][at]
    if "backbone.positions.norm.weight" in weights:
        x = layer_norm(backbone.positions, part_of(weights, "backbone.positions.norm"), x)

    def mix(w: Weights, x: Array) -> Array:
        return twin(block.mixer)(block.mixer, w, x, seen, lambda h: twin(rotary)(rotary, h, at))

    def norm(w: Weights, x: Array) -> Array:
        return twin(block.norm)(block.norm, w, x)

    def feed(w: Weights, x: Array) -> Array:
        return twin(block.feedforward)(block.feedforward, w, x)

    for index in range(backbone.layers):
        x = twin(block)(block, part_of(weights, f"backbone.blocks.{index}"), x, mix, norm, feed)
    last = part_of(weights, "backbone.last")
    x = norm(last, x) if last else x
    if "head.decide.weight" in weights:
        return linear(part_of(weights, "head.decide"), x.mean(0))
    head = part_of(weights, "head.rows")
    return linear(head, x) if head else x @ weights["embedding.rows.weight"].T
