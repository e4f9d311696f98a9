"""Every error that tokenry raises on purpose, and the warning of learners.

A message says what was given, what was expected and what to do about it.
"""


class TokenryError(Exception):
    """The root of all errors of this package."""


class ArgumentError(TokenryError, TypeError, ValueError):
    """An argument of a public function is not what it takes; the message names it."""


class FormatError(TokenryError, ValueError):
    """A tokenizer file is malformed or contradicts itself."""


class UnsupportedError(TokenryError, ValueError):
    """A file or a call asks for something that tokenry does not do; it is named, never guessed."""


class VocabularyError(TokenryError, ValueError):
    """An id or a piece that the vocabulary does not have, or a vocabulary that cannot work."""


class EncodeError(TokenryError, ValueError):
    """The input cannot be encoded by this tokenizer."""


class FileWarning(UserWarning):
    """A tokenizer file contradicts itself; it is read as its own library reads it."""


class CorpusError(TokenryError, ValueError):
    """Training or evaluation data is missing, empty or unreadable."""


class LearnError(TokenryError, ValueError):
    """A learner was asked for something that its data or its options cannot give."""


class MissingExtraError(TokenryError, ImportError):
    """A part needs an optional dependency that is not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package {package!r}, which is not installed; "
            f"install it with: pip install 'tokenry[{extra}]'"
        )


class StudyError(TokenryError, ValueError):
    """A study cannot start, continue or end with what it was given."""


class DomainError(TokenryError, ValueError):
    """A file is not of its domain's kind, ids spell none, or no such domain or option exists."""


class ShardError(TokenryError, ValueError):
    """Shards cannot be made, gone on with or read with what was given."""


class TooLargeError(TokenryError, ValueError):
    """A visitor of the playground sent more than its limits allow."""


class PartError(TokenryError, ValueError):
    """A part of a model or of a training does not exist, or was given what it cannot work with."""


class TrainingError(TokenryError, RuntimeError):
    """A training diverged, or cannot go on from what it found."""


class ModelError(TokenryError, ValueError):
    """A causal model cannot read what it was given, or does not fit its tokenizer."""


class ConstraintError(TokenryError, ValueError):
    """A constraint cannot be read, or nothing satisfies it."""


class SignalError(TokenryError, ValueError):
    """A picture, a sound or a shape cannot be read, or codes do not fit what they are given to."""


class SmallerVocabularyWarning(UserWarning):
    """The data ran out before the vocabulary was full."""


class SpareRowsWarning(UserWarning):
    """A model gives logits to ids that its tokenizer does not have."""
