"""S037: what vocabularies hold by script, class and language, with Qtok's denominators and ours."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from experiments.harness.corpora import flores
from experiments.harness.experiment import Experiment, Findings, Setting
from experiments.harness.verdicts import Check, fact
from experiments.measuring import qtok_report
from experiments.measuring.qtok_models import ENGLISH, LATIN, Model, ids_by_language, users_of
from experiments.measuring.qtok_published import Published, published
from experiments.measuring.qtok_tables import Users
from tokenry.measuring.vocabulary import MakeUp
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
SMALL: Final = ("GPT-2", "KL3M char")
FAR: Final = 0.1  # share of ids that would have to change class or script


def run(setting: Setting) -> Findings:
    """Encode parallel text with published tokenizers; make both kinds of tables."""
    names = setting.pick(tuple(FILES), SMALL)
    lines: Mapping[str, Sequence[str]] = flores(setting.data)
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
    found = published(models, users)
    tables = (
        qtok_report.role_table(models),
        qtok_report.script_table(models),
        qtok_report.use_table(models),
        qtok_report.denominator_table(models, found),
        qtok_report.folding_table(found),
        qtok_report.order_table(found.orders),
    )
    return Findings(tables, _checks(models, found), _notes(lines, users))


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
    return fact(
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
    return fact(
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
    return fact(
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
    return fact(
        "(ours) with the published rule a model's row Other changes when other models are in the "
        "table, for most of them",
        f"it changes for {changed[0]} of {len(languages)} vocabularies by language, by up to "
        f"{max(languages):.1f} points, and for {changed[1]} by script, by up to "
        f"{max(scripts):.1f} points",
        holds=min(changed) > len(languages) / 2,
        in_direction=max(changed) > 0,
    )


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
