"""A model of one language goes on to another, with its old vocabulary and with an extended one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from experiments.harness.corpora import english, first_bytes, size_of, split
from experiments.harness.experiment import Cell, Setting, Table
from experiments.harness.intervals import Counts, over_seeds, saving
from experiments.harness.verdicts import Estimate
from tokenry.learning import Bpe
from tokenry.neural.embeddings.rows import TokenRows
from tokenry.neural.recipes.language import LanguageModel, bits_per_byte, train_language_model
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.surgery import Surgery, extend
from tokenry.tokenizer import Tokenizer

PASSES = 4  # over the text of the new language
ROWS = "embedding.rows.weight"


@dataclass(frozen=True)
class Texts:
    """Documents of the old and of the new language, to learn from and held out."""

    old: list[str]
    old_held: list[str]
    new: list[str]
    new_held: list[str]


@dataclass(frozen=True)
class Outcome:
    """What one seed gives: bits per byte of held-out text of the new language."""

    before: float  # no training on the new language, old vocabulary
    old: float  # trained on, old vocabulary
    extended: float  # trained on, extended vocabulary
    staged: float  # the same, rows alone first


@dataclass(frozen=True)
class Run:
    """The tokenizers, what they cost, and an outcome for each seed."""

    surgery: Surgery
    tokenizer: Tokenizer
    outcomes: list[Outcome]
    tokens: dict[str, tuple[Counts, Counts]]  # old and extended vocabulary, by text

    def mean(self, arm: str) -> float:
        """Mean over the seeds."""
        values: list[float] = [getattr(each, arm) for each in self.outcomes]
        return sum(values) / len(values)

    def over(self, arm: str, other: str) -> Estimate:
        """How many more bits per byte an arm needs than another, as a share of the other's."""
        pairs = [(getattr(each, arm), getattr(each, other)) for each in self.outcomes]
        return over_seeds([one / two - 1 for one, two in pairs])

    def saved(self, text: str) -> Estimate:
        """Share of the tokens that the extension saves."""
        return saving(*self.tokens[text])


def texts_of(setting: Setting, new: Sequence[str], most: int = 700_000) -> Texts:
    """English novels, and documents of the new language; a tenth and a fifth held out.

    Args:
        setting: of the run.
        new: documents of the new language.
        most: bytes of it to learn from.
    """
    old, old_held = split(english(setting.data))
    learnt, held = split(new, held=0.2)
    limit = setting.pick(700_000, 10_000)
    return Texts(
        first_bytes(old, limit),
        first_bytes(old_held, setting.pick(100_000, 5_000)),
        first_bytes(learnt, min(limit, most)),
        first_bytes(held, limit // 4),
    )


def run_extension(setting: Setting, texts: Texts, *, ids: int, new_ids: int) -> Run:
    """Learn an English tokenizer, extend it, and train with both.

    Args:
        setting: seeds and size of the run.
        texts: both languages.
        ids: of the English tokenizer.
        new_ids: of the second tokenizer, whose pieces are appended.
    """
    tokenizer = Bpe(vocab_size=ids).learn(texts.old)
    surgery = extend(tokenizer, Bpe(vocab_size=new_ids).learn(texts.new))
    outcomes = [_outcome(setting, tokenizer, surgery, texts, seed) for seed in setting.seeds]
    pairs = {"new language": texts.new_held, "English": texts.old_held}
    tokens = {
        name: (tokenizer.count_batch(held), surgery.tokenizer.count_batch(held))
        for name, held in pairs.items()
    }
    return Run(surgery, tokenizer, outcomes, tokens)


def _outcome(
    setting: Setting, tokenizer: Tokenizer, surgery: Surgery, texts: Texts, seed: int
) -> Outcome:
    shape = setting.pick(Shape(width=128, layers=3), Shape(width=16, layers=1, heads=2, context=64))
    setting.tell(f"seed {seed}: English")
    base = train_language_model(
        list(tokenizer.encode_batch(texts.old)),
        tokenizer.n_vocab,
        shape=shape,
        passes=Passes(rate=3e-3),
        seed=seed,
    )
    before = _bits(base, tokenizer, texts.new_held)
    setting.tell(f"seed {seed}: on with the old vocabulary")
    kept = _go_on(copy.deepcopy(base), tokenizer, texts.new, seed, passes=PASSES)
    setting.tell(f"seed {seed}: on with the extended vocabulary")
    larger = surgery.tokenizer
    extended = _go_on(with_rows(base, surgery), larger, texts.new, seed, passes=PASSES)
    setting.tell(f"seed {seed}: on with the extended vocabulary, rows first")
    staged = _rows_first(with_rows(base, surgery), larger, texts.new, seed)
    held = texts.new_held
    return Outcome(
        before,
        _bits(kept, tokenizer, held),
        _bits(extended, larger, held),
        _bits(staged, larger, held),
    )


def _go_on(
    model: LanguageModel, tokenizer: Tokenizer, documents: Sequence[str], seed: int, *, passes: int
) -> LanguageModel:
    return train_language_model(
        list(tokenizer.encode_batch(documents)),
        tokenizer.n_vocab,
        passes=Passes(rate=2e-3, passes=passes, batch=8),
        seed=seed,
        start=model,
    )


def _rows_first(
    model: LanguageModel, tokenizer: Tokenizer, documents: Sequence[str], seed: int
) -> LanguageModel:
    """One pass over the text with all but the rows fixed, then the others with everything."""
    _set_trained(model, lambda name: name.startswith("embedding."))
    _go_on(model, tokenizer, documents, seed, passes=1)
    _set_trained(model, lambda name: True)
    return _go_on(model, tokenizer, documents, seed, passes=PASSES - 1)


def _set_trained(model: LanguageModel, trained: Callable[[str], bool]) -> None:
    for name, parameter in model.model.named_parameters():
        parameter.requires_grad_(trained(name))


def with_rows(base: LanguageModel, surgery: Surgery) -> LanguageModel:
    """The model with a row for each id of the extended vocabulary.

    Old ids keep their rows; a new one gets the mean of the rows of the old ids that it stands for
    (`tokenry.surgery.IdMap.parts`). The last row, of the mark between documents, stays the last.
    """
    weights = base.model.state_dict()
    old = weights[ROWS]
    size = surgery.ids.new_size + 1
    rows = old.new_zeros(size, old.shape[1])
    rows[: len(old) - 1] = old[:-1]
    for id_ in surgery.ids.added.tolist():
        rows[id_] = old[surgery.ids.parts(id_)].mean(0)
    rows[-1] = old[-1]
    larger = replace(base.model.config, embedding=TokenRows(vocab_size=size)).build()
    larger.load_state_dict({**weights, ROWS: rows})
    return LanguageModel(larger, base.context)


def _bits(model: LanguageModel, tokenizer: Tokenizer, documents: Sequence[str]) -> float:
    return bits_per_byte(model, list(tokenizer.encode_batch(documents)), size_of(documents))


def token_table(run: Run) -> Table:
    """Tokens of held-out text."""
    rows: list[tuple[Cell, ...]] = [
        (name, int(old.sum()), int(extended.sum()), round(100 * run.saved(name).value, 2))
        for name, (old, extended) in run.tokens.items()
    ]
    facts = run.surgery.facts()
    return Table(
        "Tokens of held-out text",
        ("text", "old vocabulary", "extended", "saved %"),
        tuple(rows),
        f"{facts['old_size']:,} ids, extended by {facts['added']:,} (of them "
        f"{facts['bridges']:,} bridges) to {facts['new_size']:,}.",
    )


def quality_table(run: Run) -> Table:
    """Bits per byte of held-out text of the new language."""
    arms = {
        "no training on it, old vocabulary": "before",
        "trained on it, old vocabulary": "old",
        "extended vocabulary": "extended",
        "extended, rows first": "staged",
    }
    rows = []
    for name, arm in arms.items():
        values = [round(getattr(each, arm), 4) for each in run.outcomes]
        rows.append((name, round(run.mean(arm), 4), min(values), max(values)))
    return Table(
        "Bits per byte of held-out text of the new language",
        ("arm", "mean", "lowest seed", "highest seed"),
        tuple(rows),
        f"All arms start from the same English model and read the same text {PASSES} times; with "
        "fewer tokens that is fewer steps and less computation.",
    )


def size_note(texts: Texts) -> str:
    """How much text there was."""
    parts = {
        "English": texts.old,
        "the new language": texts.new,
        "the new language held out": texts.new_held,
    }
    return "Text: " + ", ".join(f"{name} {size_of(x) / 1e3:,.0f} kB" for name, x in parts.items())
