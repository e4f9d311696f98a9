"""What `SentencePieceTrainer` is told, as options of Python or as one text of flags."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal, get_type_hints

from tokenry import options as checking
from tokenry.errors import LearnError
from tokenry.options import Bounds, Natural, Positive, Share

IGNORED = frozenset(
    ("accept_language", "logstream", "minloglevel", "num_threads", "train_extremely_large_corpus")
)
"""Options that change no piece here."""
# What these do is not done; sentencepiece's default is taken as not having asked.
REFUSED = {
    "allow_whitespace_only_pieces": False, "differential_privacy_clipping_threshold": 0,
    "differential_privacy_noise_level": 0, "enable_differential_privacy": False,
    "escape_whitespaces": True, "pretokenization_delimiter": "", "seed_sentencepieces_file": "",
    "self_test_sample_size": 0, "split_by_whitespace": True,
}  # fmt: skip
YES, NO = ("true", "1", "t", "yes", "y", ""), ("false", "0", "f", "no", "n")


@dataclass(frozen=True, kw_only=True)
class TrainingOptions:
    """Options by sentencepiece's names and with its defaults.

    Attributes:
        input: files of sentences, one a line.
        input_format: ``text``, or ``tsv`` of sentences and how often each counts.
        model_prefix: where ``.model`` and ``.vocab`` are written.
        vocab_size: ids in all.
        character_coverage: share of the characters of the text that are pieces.
        input_sentence_size: at most so many sentences; 0 for all.
        shuffle_input_sentence: take them by chance, else the first.
        random_seed: of that chance.
        max_sentence_length: bytes; longer ones are left out.
        seed_sentencepiece_size: substrings that Unigram starts from.
        shrinking_factor: share of the pieces that a round of its pruning keeps.
        num_sub_iterations: its steps of EM between two rounds.
        max_sentencepiece_length: characters of the longest piece.
        split_by_unicode_script: no piece is of two scripts.
        split_by_number: digits count as a script of their own, that of punctuation.
        split_digits: no piece has a digit and something else.
        treat_whitespace_as_suffix: spaces end words.
        byte_fallback: 256 bytes stand for characters without a piece.
        required_chars: characters that are pieces however rare they are.
        control_symbols: ids that no text has.
        user_defined_symbols: pieces wherever they stand in a text.
        hard_vocab_limit: fewer ids than asked for are an error.
        use_all_vocab: all words (characters) of a word (char) model.
    """

    input: tuple[str, ...] = ()
    input_format: Literal["", "text", "tsv"] = "text"
    model_prefix: str = ""
    model_type: Literal["unigram", "bpe", "word", "char"] = "unigram"
    vocab_size: Positive = 8_000
    character_coverage: Share = 0.9995
    input_sentence_size: Natural = 0
    shuffle_input_sentence: bool = True
    random_seed: int = 0
    max_sentence_length: Positive = 4_192
    seed_sentencepiece_size: Positive = 1_000_000
    shrinking_factor: Annotated[float, Bounds(above=0, below=1)] = 0.75
    num_sub_iterations: Positive = 2
    max_sentencepiece_length: Annotated[int, Bounds(1, 63)] = 16
    split_by_unicode_script: bool = True
    split_by_number: bool = True
    split_digits: bool = False
    treat_whitespace_as_suffix: bool = False
    byte_fallback: bool = False
    required_chars: str = ""
    control_symbols: tuple[str, ...] = ()
    user_defined_symbols: tuple[str, ...] = ()
    hard_vocab_limit: bool = True
    use_all_vocab: bool = False
    vocabulary_output_piece_score: bool = True
    unk_id: Natural = 0
    bos_id: Annotated[int, Bounds(-1)] = 1
    eos_id: Annotated[int, Bounds(-1)] = 2
    pad_id: Annotated[int, Bounds(-1)] = -1
    unk_piece: str = "<unk>"
    bos_piece: str = "<s>"
    eos_piece: str = "</s>"
    pad_piece: str = "<pad>"
    unk_surface: str = " \u2047 "
    normalization_rule_name: str = "nmt_nfkc"
    normalization_rule_tsv: str = ""
    denormalization_rule_tsv: str = ""
    add_dummy_prefix: bool = True
    remove_extra_whitespaces: bool = True

    def __post_init__(self) -> None:
        checking.check(self, LearnError)


def of_flags(text: str) -> TrainingOptions:
    """Options of one text, ``--input=FILE --model_prefix=m --vocab_size=1000``, cut at spaces.

    Raises:
        LearnError: see `of_options`.
    """
    given = {}
    for word in text.split():
        name, _, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not name:
            raise LearnError(f"{word!r} in {text!r}; expected --NAME=VALUE")
        given[name] = value
    return of_options(given)


def of_options(given: Mapping[str, Any]) -> TrainingOptions:
    """Options by name; each may be written as text, lists with commas between.

    Raises:
        LearnError: an option that there is not or that is not done here, or another value than it
            takes; the message names it.
    """
    kinds = get_type_hints(TrainingOptions)  # without bounds
    chosen = {}
    for name, value in given.items():
        if name in kinds:
            chosen[name] = _read(value, kinds[name])
        elif name in REFUSED:
            if _read(value, type(REFUSED[name])) != REFUSED[name]:
                raise LearnError(
                    f"{name}={value!r} is not done here; leave it at {REFUSED[name]!r}, or train "
                    "with sentencepiece and load its file"
                )
        elif name not in IGNORED:
            known = ", ".join(each.name for each in fields(TrainingOptions))
            raise LearnError(f"there is no option {name!r}; there are {known}")
    return TrainingOptions(**chosen)


def _read(value: Any, kind: Any) -> Any:
    """A value that may be written as text; a path is one."""
    value = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(value, str) or kind is str:
        return value
    if kind == tuple[str, ...]:
        return tuple(next(csv.reader([value]), ()))
    if kind is bool:
        word = value.lower()
        return word in YES if word in YES + NO else value
    if kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            return value  # the check of all options says what it takes
    return value
