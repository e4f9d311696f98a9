"""Small transformers from parts, one trainer for everything that learns, caches.

Parts are frozen dataclasses: they import, print and save without torch, and ``build`` makes a
module of torch from them. `tokenry.neural.registry.PARTS` lists them.
"""

from tokenry.neural.backbone import Backbone
from tokenry.neural.parts import from_json, load_part, save_part, to_json
from tokenry.neural.registry import PARTS
from tokenry.neural.transformer import Transformer

__all__ = [
    "PARTS",
    "Backbone",
    "Transformer",
    "from_json",
    "load_part",
    "save_part",
    "to_json",
]
