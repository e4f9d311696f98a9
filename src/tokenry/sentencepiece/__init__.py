"""sentencepiece for its users: ``import tokenry.sentencepiece as spm`` (docs/sentencepiece.md)."""

from tokenry.sentencepiece.messages import (
    ImmutableNBestSentencePieceText,
    ImmutableSentencePiece,
    ImmutableSentencePieceText,
)
from tokenry.sentencepiece.normalizer import ModelNormalizer
from tokenry.sentencepiece.processor import SentencePieceProcessor
from tokenry.sentencepiece.randomness import set_min_log_level, set_random_generator_seed
from tokenry.sentencepiece.training.trainer import SentencePieceTrainer
from tokenry.version import __version__

SentencePieceNormalizer = ModelNormalizer
SetMinLogLevel = set_min_log_level
SetRandomGeneratorSeed = set_random_generator_seed

__all__ = [
    "ImmutableNBestSentencePieceText",
    "ImmutableSentencePiece",
    "ImmutableSentencePieceText",
    "SentencePieceNormalizer",
    "SentencePieceProcessor",
    "SentencePieceTrainer",
    "SetMinLogLevel",
    "SetRandomGeneratorSeed",
    "__version__",
    "set_min_log_level",
    "set_random_generator_seed",
]
