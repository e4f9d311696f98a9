"""Plain transformers that train on two cores in minutes, to put tokenizers under.

Nothing here is new: what differs between the arms of an experiment is the tokenizer, and all else
is held equal, the bytes of text that are read above all.
"""

from __future__ import annotations

from importlib.util import find_spec

from tokenry.errors import MissingExtraError

if find_spec("torch") is None:
    raise MissingExtraError("torch", "neural", "a small model")

from experiments.small_models.answers import give_answers, train_answers
from experiments.small_models.labels import Classifier, predict_labels, train_classifier
from experiments.small_models.language import bits_per_byte, train_language_model
from experiments.small_models.training import Schedule
from experiments.small_models.transformer import Shape, Transformer

__all__ = [
    "Classifier",
    "Schedule",
    "Shape",
    "Transformer",
    "bits_per_byte",
    "give_answers",
    "predict_labels",
    "train_answers",
    "train_classifier",
    "train_language_model",
]
