"""The parts of this room: a line each, ``slot/part``."""

from __future__ import annotations

from typing import Any, Final

from tokenry.errors import PartError
from tokenry.registry import Entry, Registry

_ROOM = "tokenry.neural"


def _part(name: str, target: str, source: str = "") -> Entry[Any]:
    return Entry(name, f"{_ROOM}.{target}", source, extra="neural")


PARTS: Final[Registry[Any]] = Registry(
    "part",
    (
        _part("transformer", "transformer:Transformer", "Vaswani et al. 2017, arXiv:1706.03762"),
        _part("backbone", "backbone:Backbone", "Vaswani et al. 2017, arXiv:1706.03762"),
        _part("embeddings/rows", "embeddings.rows:TokenRows", "Bengio et al. 2003, JMLR 3"),
        _part("positions/rotary", "positions.rotary:Rotary", "Su et al. 2021, arXiv:2104.09864"),
        _part(
            "positions/learned",
            "positions.learned:Learned",
            "Gehring et al. 2017, arXiv:1705.03122",
        ),
        _part(
            "positions/normed",
            "positions.normed:NormedLearned",
            "Radford et al. 2021, arXiv:2103.00020",
        ),
        _part(
            "positions/none", "positions.none:NoPositions", "Haviv et al. 2022, arXiv:2203.16634"
        ),
        _part("topologies/causal", "topologies.causal:Causal"),
        _part("topologies/bidirectional", "topologies.bidirectional:Bidirectional"),
        _part(
            "topologies/window",
            "topologies.window:SlidingWindow",
            "Beltagy et al. 2020, arXiv:2004.05150",
        ),
        _part(
            "topologies/blocks",
            "topologies.blocks:BlockCausal",
            "Arriola et al. 2025, arXiv:2503.09573",
        ),
        _part(
            "topologies/prefix", "topologies.prefix:Prefix", "Raffel et al. 2020, arXiv:1910.10683"
        ),
        _part("topologies/tree", "topologies.tree:Tree", "Miao et al. 2023, arXiv:2305.09781"),
        _part("topologies/adjacency", "topologies.adjacency:Adjacency"),
        _part(
            "topologies/registers",
            "topologies.registers:RegistersCausal",
            "Bachmann et al. 2025, arXiv:2502.13967",
        ),
        _part("topologies/segments", "topologies.segments:Segments"),
        _part("topologies/both", "topologies.both:Both"),
        _part(
            "mixers/multi-head",
            "mixers.multi_head:MultiHead",
            "Vaswani et al. 2017, arXiv:1706.03762",
        ),
        _part(
            "mixers/grouped-query",
            "mixers.grouped_query:GroupedQuery",
            "Ainslie et al. 2023, arXiv:2305.13245",
        ),
        _part(
            "feedforwards/gelu",
            "feedforwards.gelu:Gelu",
            "Hendrycks & Gimpel 2016, arXiv:1606.08415",
        ),
        _part(
            "feedforwards/swiglu", "feedforwards.swiglu:SwiGlu", "Shazeer 2020, arXiv:2002.05202"
        ),
        _part("norms/layer", "norms.layer:LayerNorm", "Ba et al. 2016, arXiv:1607.06450"),
        _part("norms/rms", "norms.rms:RmsNorm", "Zhang & Sennrich 2019, arXiv:1910.07467"),
        _part("blocks/pre-norm", "blocks.pre_norm:PreNorm", "Xiong et al. 2020, arXiv:2002.04745"),
        _part(
            "blocks/post-norm", "blocks.post_norm:PostNorm", "Vaswani et al. 2017, arXiv:1706.03762"
        ),
        _part(
            "blocks/adaptive",
            "blocks.adaptive:AdaptivePreNorm",
            "Peebles & Xie 2022, arXiv:2212.09748",
        ),
        _part(
            "blocks/parallel",
            "blocks.parallel:Parallel",
            "Chowdhery et al. 2022, arXiv:2204.02311",
        ),
        _part("heads/tied", "heads.tied:TiedRows", "Press & Wolf 2017, arXiv:1608.05859"),
        _part("heads/free", "heads.free:FreeRows"),
        _part("heads/pooled", "heads.pooled:PooledClasses"),
        _part("initialisers/normal", "initialisers.normal:Normal", "Radford et al. 2019, GPT-2"),
        _part(
            "initialisers/depth-scaled",
            "initialisers.depth_scaled:DepthScaled",
            "Radford et al. 2019, GPT-2",
        ),
        _part("trainer", "training.trainer:Trainer"),
        _part(
            "optimizers/adamw",
            "training.optimizers.adamw:AdamW",
            "Loshchilov & Hutter 2019, arXiv:1711.05101",
        ),
        _part("optimizers/group", "training.optimizers.group:Group"),
        _part("schedules/constant", "training.schedules.constant:Constant"),
        _part(
            "schedules/warmup",
            "training.schedules.warmup:Warmup",
            "Goyal et al. 2017, arXiv:1706.02677",
        ),
        _part(
            "schedules/cosine",
            "training.schedules.cosine:Cosine",
            "Loshchilov & Hutter 2017, arXiv:1608.03983",
        ),
        _part(
            "schedules/stable-decay",
            "training.schedules.stable_decay:StableDecay",
            "Hu et al. 2024, arXiv:2404.06395",
        ),
        _part("budgets/steps", "training.budgets.steps:Steps"),
        _part("budgets/bytes", "training.budgets.bytes:Bytes"),
        _part("budgets/flops", "training.budgets.flops:Flops"),
        _part("budgets/minutes", "training.budgets.minutes:Minutes"),
        _part("budgets/first", "training.budgets.first:First"),
        _part("precisions/full", "training.precisions.full:Full"),
        _part(
            "precisions/bfloat16",
            "training.precisions.bfloat16:Bfloat16",
            "Kalamkar et al. 2019, arXiv:1905.12322",
        ),
        _part("averages/ema", "training.averages.ema:Ema", "Polyak & Juditsky 1992"),
        _part(
            "averages/uniform",
            "training.averages.uniform:Uniform",
            "Izmailov et al. 2018, arXiv:1803.05407",
        ),
        _part("steps/next-token", "training.steps.next_token:NextToken", "Bengio et al. 2003"),
        _part(
            "steps/masked-ids",
            "training.steps.masked_ids:MaskedIds",
            "Nie et al. 2025, arXiv:2502.09992",
        ),
        _part(
            "steps/nested",
            "training.steps.nested:NestedNextToken",
            "Kavehzadeh et al. 2024, arXiv:2407.01955",
        ),
        _part(
            "steps/mixed",
            "training.steps.mixed:MixedNextToken",
            "Zhang et al. 2025, arXiv:2505.15778",
        ),
        _part("steps/class-label", "training.steps.class_label:ClassLabel"),
        _part("steps/place-labels", "training.steps.place_labels:PlaceLabels"),
    ),
    error=PartError,
)
