"""Text under constraints, drawn without changing what the model would say otherwise.

A constraint is a predicate over bytes: `Regex`, `json_schema`, `lark_grammar`, or `Predicate` with
a function of your own. `ParticleSampler` draws weighted texts that satisfy it; `Masks` say which
ids it allows.
"""

from tokenry.decoding.constrained.awrs import (
    Adaptive,
    Geometric,
    Masking,
    Proposed,
    Recursive,
    Sampler,
)
from tokenry.decoding.constrained.constraint import Constraint, Predicate, satisfies
from tokenry.decoding.constrained.engines import (
    json_schema,
    lark_grammar,
    masks_of,
    own_grammar,
    own_schema,
)
from tokenry.decoding.constrained.grammars.parsed import GrammarConstraint
from tokenry.decoding.constrained.guided import Guided, GuidedMasks
from tokenry.decoding.constrained.masks import Masks, TrieMasks
from tokenry.decoding.constrained.particles import ParticleSampler, Weighted
from tokenry.decoding.constrained.regular import Regex
from tokenry.decoding.constrained.steps import ByteSteps, IdSteps

__all__ = [
    "Adaptive",
    "ByteSteps",
    "Constraint",
    "Geometric",
    "GrammarConstraint",
    "Guided",
    "GuidedMasks",
    "IdSteps",
    "Masking",
    "Masks",
    "ParticleSampler",
    "Predicate",
    "Proposed",
    "Recursive",
    "Regex",
    "Sampler",
    "TrieMasks",
    "Weighted",
    "json_schema",
    "lark_grammar",
    "masks_of",
    "own_grammar",
    "own_schema",
    "satisfies",
]
