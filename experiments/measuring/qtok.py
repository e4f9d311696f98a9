"""S037: what vocabularies hold by script, class and language, with Qtok's denominators and ours."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Final

import numpy as np

from experiments.harness.corpora import flores
from experiments.harness.experiment import Cell, Check, Experiment, Findings, Setting, Table, check
from experiments.measuring import qtok_tables
from experiments.measuring.qtok_tables import Users
from tokenry.measuring.languages import LanguageMakeUp, by_language
from tokenry.measuring.vocabulary import MakeUp, by_role, by_script
from tokenry.tokenizer import Tokenizer
from tokenry.tokenizer_files import load_tokenizer

FILES: Final[dict[str, tuple[str, str | None]]] = {
    # name: file and, where the file does not say how text is cut, the pattern
    "GPT-2": ("gpt-2_tokenizer.json", None),
    "cl100k": ("cl100k_base.tiktoken", None),
    "o200k": ("o200k_base.tiktoken", None),
    "Llama 2": ("llama_tokenizer.json", None),
    "Llama 3": ("llama3_tokenizer.model", None),
    "Qwen": ("qwen.tiktoken", None),
    "BERT": ("bert-base-uncased-vocab.txt", None),
    "Pegasus": ("pegasus_unigram96k_tokenizer.json", None),
    "SuperBPE": ("superbpe_t180k_merges.txt", None),
    "BPE 200k": ("bpe_200k_merges.txt", "o200k"),
    "KL3M char": ("kl3m-004-char-8k_tokenizer.json", None),
}
SMALL: Final = ("GPT-2", "Llama 2", "KL3M char")
ENGLISH: Final = "eng_Latn"
LATIN: Final = "_Latn"
FAR: Final = 0.1  # share of ids that would have to change class or script


@dataclass(frozen=True)
class Model:
    """A tokenizer, its decoded tokens, and what it is made of."""

    tokens: list[str]
    roles: MakeUp
    scripts: MakeUp
    used: dict[str, int]  # ids by language
    languages: LanguageMakeUp  # of the tokens that Qtok counts

    @classmethod
    def of(cls, tokenizer: Tokenizer, used: Mapping[str, Sequence[int]], users: Users) -> Model:
        """Measure one tokenizer; nothing depends on any other."""
        tokens = tokens_of(tokenizer)
        counted = (users.get(each, ()) for each in tokens if qtok_tables.is_counted(each))
        return cls(
            tokens,
            by_role(tokenizer.vocabulary),
            by_script(tokenizer.vocabulary),
            {language: len(ids) for language, ids in used.items()},
            by_language(counted),
        )


def run(setting: Setting) -> Findings:
    """Encode parallel text with published tokenizers; make both kinds of tables."""
    names = setting.pick(tuple(FILES), SMALL)
    lines = flores(setting.data)
    if setting.size == "small":
        lines = {name: lines[name][:50] for name in (ENGLISH, "deu_Latn", "tur_Latn", "rus_Cyrl")}
    tokenizers, used = {}, {}
    for name in names:
        setting.tell(name)
        file, pattern = FILES[name]
        path = setting.data.file(f"tokenizers/{file}")
        tokenizers[name] = load_tokenizer(str(path), pattern)
        used[name] = ids_by_language(tokenizers[name], lines)
    users = users_of(tokenizers, used)
    models = {name: Model.of(tokenizers[name], used[name], users) for name in names}
    found = _published(models, users)
    tables = (
        _role_table(models),
        _script_table(models),
        _use_table(models),
        _denominator_table(models, found),
        _folding_table(found),
        _order_table(found.orders),
    )
    return Findings(tables, _checks(models, found), _notes(lines, users))


def ids_by_language(
    tokenizer: Tokenizer, lines: Mapping[str, Sequence[str]]
) -> dict[str, list[int]]:
    """Ids that the lines of each language become."""
    return {
        language: np.unique(tokenizer.encode_batch(each).ids).tolist()
        for language, each in lines.items()
    }


def tokens_of(tokenizer: Tokenizer) -> list[str]:
    """Pieces that are text; specials and bytes that are no whole characters are left out."""
    roles = tokenizer.vocabulary.roles
    texts = []
    for id_, piece in enumerate(tokenizer.vocabulary.pieces):
        if piece and id_ not in roles:
            text = piece.decode("utf-8", "replace")
            if "\ufffd" not in text:
                texts.append(text)
    return texts


def users_of(
    tokenizers: Mapping[str, Tokenizer], used: Mapping[str, Mapping[str, Sequence[int]]]
) -> dict[str, set[str]]:
    """Languages in Latin script whose text any of the tokenizers writes with a token.

    One table for all tokenizers, as the published one is: it differs in nothing but the
    denominator.
    """
    users: defaultdict[str, set[str]] = defaultdict(set)
    for name, tokenizer in tokenizers.items():
        pieces = tokenizer.vocabulary.pieces
        for language, ids in used[name].items():
            if language.endswith(LATIN):
                for id_ in ids:
                    users[(pieces[id_] or b"").decode("utf-8", "replace")].add(language)
    return dict(users)


@dataclass(frozen=True)
class Order:
    """A language of which two models change places when the denominator does."""

    language: str
    models: tuple[str, str]
    published: tuple[float, float]  # per cent
    corrected: tuple[float, float]


@dataclass(frozen=True)
class Folded:
    """Row Other of a model, in a table of that model alone and in one with all models.

    Attributes:
        alone, together: in per cent.
        rows_alone, rows_together: rows besides.
    """

    alone: float
    together: float
    rows_alone: int
    rows_together: int

    @classmethod
    def of(cls, name: str, alone: qtok_tables.Table, together: qtok_tables.Table) -> Folded:
        """Read two tables."""
        other, tables = qtok_tables.OTHER, (alone, together)
        shares = [table.get(other, {}).get(name, 0.0) for table in tables]
        rows = [len(table.keys() - {other}) for table in tables]
        return cls(shares[0], shares[1], rows[0], rows[1])

    @property
    def change(self) -> float:
        """Points by which other models change it."""
        return abs(self.alone - self.together)


@dataclass(frozen=True)
class Published:
    """What the published denominators give for the same tokens and languages.

    Attributes:
        shares: by model and language, before rows are folded.
        languages, scripts: what the two tables fold.
        orders: changed by the denominator.
        pairs: of models, over all languages.
    """

    shares: dict[str, dict[str, float]]
    languages: dict[str, Folded]
    scripts: dict[str, Folded]
    orders: list[Order]
    pairs: int


def _published(models: Mapping[str, Model], users: Users) -> Published:
    tokens = {name: model.tokens for name, model in models.items()}
    shares = {name: qtok_tables.language_shares(each, users) for name, each in tokens.items()}
    orders, pairs = changed_orders(shares, models)
    languages = _folded(tokens, lambda chosen: qtok_tables.language_table(chosen, users))
    scripts = _folded(tokens, qtok_tables.script_table)
    return Published(shares, languages, scripts, orders, pairs)


def _folded(
    tokens: Mapping[str, Sequence[str]],
    table: Callable[[Mapping[str, Sequence[str]]], qtok_tables.Table],
) -> dict[str, Folded]:
    together = table(tokens)
    return {name: Folded.of(name, table({name: each}), together) for name, each in tokens.items()}


def changed_orders(
    shares: Mapping[str, Mapping[str, float]], models: Mapping[str, Model]
) -> tuple[list[Order], int]:
    """Pairs of models that change places, the widest apart first, and how many pairs there are."""
    languages = sorted(set().union(*shares.values()))
    found = []
    pairs = list(itertools.combinations(models, 2))
    for language, (a, b) in itertools.product(languages, pairs):
        old = (shares[a].get(language, 0.0), shares[b].get(language, 0.0))
        new = (
            100 * models[a].languages.share_of_used(language),
            100 * models[b].languages.share_of_used(language),
        )
        if (old[0] - old[1]) * (new[0] - new[1]) < 0:
            found.append(Order(language, (a, b), old, new))
    found.sort(key=lambda each: -abs(each.corrected[0] - each.corrected[1]))
    return found, len(languages) * len(pairs)


def distance(first: MakeUp, second: MakeUp) -> float:
    """Share of ids that would have to be of another kind for two make-ups to be the same.

    >>> distance(MakeUp({"word": 3, "byte": 1}, 4), MakeUp({"word": 1, "byte": 1}, 2))
    0.25
    """
    names = first.counts.keys() | second.counts.keys()
    return sum(abs(first.share(each) - second.share(each)) for each in names) / 2


def _checks(models: Mapping[str, Model], found: Published) -> tuple[Check, ...]:
    return (
        _difference_check(models),
        _latin_check(models),
        _deflation_check(found),
        _folding_check(found),
    )


def _difference_check(models: Mapping[str, Model]) -> Check:
    pairs = list(itertools.combinations(models.values(), 2))
    roles = float(np.median([distance(a.roles, b.roles) for a, b in pairs]))
    scripts = float(np.median([distance(a.scripts, b.scripts) for a, b in pairs]))
    return check(
        "vocabularies differ much in scripts and in classes of tokens (here: for the median pair "
        "at least a tenth of the ids would have to change)",
        f"{scripts:.0%} of the ids by script and {roles:.0%} by class, median of {len(pairs)} "
        "pairs",
        holds=min(roles, scripts) >= FAR,
        in_direction=max(roles, scripts) >= FAR,
    )


def _latin_check(models: Mapping[str, Model]) -> Check:
    latin = [max(_letters(each), key=_letters(each).__getitem__) for each in models.values()]
    english = [next(iter(each.languages.credit), "") for each in models.values()]
    scripts, languages = latin.count("Latin"), english.count(ENGLISH)
    return check(
        "Latin has more ids than any other script, and English a larger share of the ids than any "
        "other language in Latin script, in every vocabulary",
        f"Latin in {scripts}, English in {languages} of {len(models)} vocabularies",
        holds=scripts == languages == len(models),
        in_direction=min(scripts, languages) > len(models) / 2,
    )


def _letters(model: Model) -> dict[str, int]:
    """Ids by script, without those that have none or several."""
    return {name: n for name, n in model.scripts.counts.items() if name not in ("none", "mixed")}


def _deflation_check(found: Published) -> Check:
    sums = [sum(each.values()) for each in found.shares.values()]
    return check(
        "(ours) the published denominator deflates shares of languages, unequally: they sum to "
        "less than 90% in every vocabulary, and some pairs of vocabularies change places",
        f"they sum to {min(sums):.0f}% to {max(sums):.0f}%; {len(found.orders):,} of "
        f"{found.pairs:,} orders of two vocabularies in a language change "
        f"({len(found.orders) / max(1, found.pairs):.1%})",
        holds=max(sums) < 90 and bool(found.orders),
        in_direction=max(sums) < 100,
    )


def _folding_check(found: Published) -> Check:
    languages, scripts = (
        [each.change for each in folded.values()] for folded in (found.languages, found.scripts)
    )
    changed = [sum(change > 0 for change in each) for each in (languages, scripts)]
    return check(
        "(ours) with the published rule a model's row Other changes when other models are in the "
        "table, for most of them",
        f"it changes for {changed[0]} of {len(languages)} vocabularies by language, by up to "
        f"{max(languages):.1f} points, and for {changed[1]} by script, by up to "
        f"{max(scripts):.1f} points",
        holds=min(changed) > len(languages) / 2,
        in_direction=max(changed) > 0,
    )


def _role_table(models: Mapping[str, Model]) -> Table:
    return _make_up_table(
        "Ids by class, % of all ids", {name: each.roles for name, each in models.items()}, 10
    )


def _script_table(models: Mapping[str, Model]) -> Table:
    return _make_up_table(
        "Ids by script, % of all ids", {name: each.scripts for name, each in models.items()}, 12
    )


def _make_up_table(title: str, made: Mapping[str, MakeUp], most: int) -> Table:
    """The kinds with the largest share in any model, largest first; all others are one column."""
    largest = {
        kind: max(each.share(kind) for each in made.values())
        for kind in set().union(*(each.counts for each in made.values()))
    }
    kinds = sorted(largest, key=lambda kind: (-largest[kind], kind))[:most]
    rows: list[tuple[Cell, ...]] = []
    for name, each in made.items():
        shares = [100 * each.share(kind) for kind in kinds]
        rows.append(
            (name, each.total, *(round(x, 2) for x in shares), round(abs(100 - sum(shares)), 2))
        )
    return Table(title, ("vocabulary", "ids", *kinds, "all others"), tuple(rows))


def _use_table(models: Mapping[str, Model]) -> Table:
    columns = ("English %", "most", "its %", "median language %", "fewest", "its % ")
    return Table(
        "Ids that the same sentences use in each language, % of all ids",
        ("vocabulary", *columns),
        tuple(_use_row(name, model) for name, model in models.items()),
    )


def _use_row(name: str, model: Model) -> tuple[Cell, ...]:
    shares = {each: 100 * count / model.roles.total for each, count in model.used.items()}
    most, fewest = (pick(shares, key=shares.__getitem__) for pick in (max, min))
    middle = float(np.median(list(shares.values())))
    figures = [round(each, 2) for each in (shares[ENGLISH], shares[most], middle, shares[fewest])]
    return (name, figures[0], most, figures[1], figures[2], fewest, figures[3])


def _denominator_table(models: Mapping[str, Model], found: Published) -> Table:
    english = ("English, published", "English, of used", "English, of counted")
    return Table(
        "Shares of languages in Latin script, with both denominators, %",
        ("vocabulary", "tokens counted", "sum, published", *english),
        tuple(_denominator_row(name, model, found) for name, model in models.items()),
        "Corrected shares sum to 100 over the tokens that any of the languages uses.",
    )


def _denominator_row(name: str, model: Model, found: Published) -> tuple[Cell, ...]:
    published, corrected = found.shares[name], model.languages
    shares = (
        sum(published.values()),
        published.get(ENGLISH, 0.0),
        100 * corrected.share_of_used(ENGLISH),
        100 * corrected.share(ENGLISH),
    )
    return (name, corrected.total, *(round(each, 2) for each in shares))


def _folding_table(found: Published) -> Table:
    columns = ("Other alone %", "Other together %", "rows alone", "rows together")
    kinds = [f"{kind}: {column}" for kind in ("languages", "scripts") for column in columns]
    rows = (
        (name, *astuple(found.languages[name]), *astuple(found.scripts[name]))
        for name in found.languages
    )
    return Table(
        "What the published rule folds into one row",
        ("vocabulary", *kinds),
        tuple(rows),
        "In a table of that vocabulary alone, and in one with all of them. Figures of "
        "tokenry.measuring are of one vocabulary alone, and have no such row.",
    )


def _order_table(orders: Sequence[Order], most: int = 12) -> Table:
    return Table(
        "Where two vocabularies change places with the denominator, %",
        ("language", "first", "second", "published", "published ", "corrected", "corrected "),
        tuple(map(_order_row, orders[:most])) or (("none", *[None] * 6),),
        f"The {min(most, len(orders))} widest apart of {len(orders):,}.",
    )


def _order_row(order: Order) -> tuple[Cell, ...]:
    figures = (round(each, 2) for each in (*order.published, *order.corrected))
    return (order.language, *order.models, *figures)


def _notes(lines: Mapping[str, Sequence[str]], users: Users) -> tuple[str, ...]:
    latin = sum(name.endswith(LATIN) for name in lines)
    return (
        f"A language uses a token where one of the tokenizers writes its FLORES sentences with it: "
        f"{len(users):,} tokens of {latin} languages in Latin script. The "
        "same lists are under both denominators.",
        "Qtok 0.11.0 has lists of its own, of 31 such languages, in which a token has 1.8 "
        "languages on average; there the published denominator takes away less than it does here.",
        "Parallel text: a language with long words or another alphabet uses other ids for the same "
        "content, so use is no measure of data.",
    )


EXPERIMENT = Experiment(
    name="Qtok",
    claim="Vocabularies of language models differ much in how their tokens spread over languages, "
    "scripts and classes, with a bias towards Latin script and English (the bias as reviews of the "
    "paper report it). Ours: Qtok's published denominators deflate shares of languages and let "
    "models change each other's rows.",
    scale="paper: 13 tokenizers of 58 models, with word lists of its own; here: 11 published "
    "vocabularies, languages by FLORES-200 dev in 63 languages",
    baseline="the tables with Qtok's published denominators, from the same tokens and languages",
    needs=("tokenizers", "flores_dev"),
    run=run,
)
