"""The card as Markdown with front matter, to lie beside the tokenizer's files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from tokenry.card.content import CardContent, TokenizerCard
from tokenry.card.scores import card_section, score_table, source_of
from tokenry.drawing.blocks import size_text
from tokenry.drawing.score_tables import scores_as_markdown
from tokenry.drawing.tables import markdown_text
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.metric import MISSING, value_of
from tokenry.measuring.registry import metrics_by_domain, metrics_of

_LONGEST: Final = 300  # characters of a value of the metadata
FRONT: Final = ("bytes_per_token", "tokens_per_1000_words", "gini")
"""Metrics that stand in the front matter."""


def render(card: CardContent) -> str:
    """One card after another; of several tokenizers, a table of all before them."""
    cards = "\n".join(_card(card, each) for each in card.tokenizers)
    return f"{_side_by_side(card)}\n{cards}" if len(card.tokenizers) > 1 else cards


def _side_by_side(card: CardContent) -> str:
    table, costs = score_table(card), card_section(card, "premiums")
    whole = table.beside(costs) if costs.metrics else table
    note = f"Bold: the best of a row. On {source_of(card)}.{whole.remark}"
    return f"# Side by side\n\n{scores_as_markdown(whole)}\n{note}\n"


def _card(card: CardContent, each: TokenizerCard) -> str:
    parts = [
        _front_matter(card, each),
        f"# {markdown_text(each.name)}\n",
        _what(each),
        _score(each),
        _domains(each),
        _languages(card, each),
        _vocabulary(each),
        _limits(each),
        _numbers(each),
        _method(card),
    ]
    return "\n".join(part for part in parts if part)


def _front_matter(card: CardContent, each: TokenizerCard) -> str:
    known = each.identity
    metrics = [metric for metric in metrics_of("card") if metric.name in FRONT]
    facts: dict[str, Any] = {
        "name": known.name,
        "file": known.file,
        "fingerprint": known.fingerprint,
        "vocabulary_size": known.vocabulary_size,
        "segmenter": known.segmenter,
        "split": known.split,
        "normalizer": known.normalizer,
        "lossless": known.declared_lossless,
        **{metric.name: _rounded(value_of(each.figure(metric))) for metric in metrics},
        "data": card.data.fingerprint,
        "measured": card.created[:10],
        "tokenry": card.tokenry,
    }
    return "---\n" + "".join(f"{key}: {_yaml(value)}\n" for key, value in facts.items()) + "---\n"


def _what(each: TokenizerCard) -> str:
    known = each.identity
    lines = [
        f"- {known.vocabulary_size:,} ids, {size_text(known.file_bytes)} on disk",
        f"- split: {markdown_text(known.split)}; segmenter: {known.segmenter}; normalizer: "
        f"{known.normalizer or 'none'}",
        f"- specials: {', '.join(f'`{_code(name)}`' for name in known.specials) or 'none'}",
        *(
            f"- {markdown_text(key)}: {markdown_text(_short(value))}"
            for key, value in known.metadata.items()
        ),
    ]
    return "## What it is\n\n" + "\n".join(lines) + "\n"


def _short(text: str) -> str:
    """For options of learners, which may list 20,000 roots."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _score(each: TokenizerCard) -> str:
    rows = [_figure_row(figure) for figure in each.scorecard.values()]
    speed = each.speed
    rows.append((speed.name, _value(speed.value), MISSING, speed.unit))
    return f"## Score\n\n{_table(('figure', 'value', '95% interval', 'unit'), rows)}"


def _figure_row(figure: Measurement) -> tuple[str, str, str, str]:
    interval = figure.interval
    between = MISSING if interval is None else f"{interval.low:.4g} to {interval.high:.4g}"
    return figure.name, _value(value_of(figure)), between, figure.unit


def _domains(each: TokenizerCard) -> str:
    metrics = metrics_by_domain("card")
    rows = [
        (name, *(metric.text(metric.find(part.figures)) for metric in metrics), f"{part.tokens:,}")
        for name, part in each.domains.items()
    ]
    heads = ("domain", *(metric.head for metric in metrics), "tokens")
    return f"## By domain\n\n{_table(heads, rows)}"


def _languages(card: CardContent, each: TokenizerCard) -> str:
    if each.premiums is None or card.parallel is None:
        return ""
    found, labels = each.premiums.found, card.parallel.labels
    rows = [
        (labels.get(row.language, row.language), f"{row.value:.2f}", f"{row.tokens:,}")
        for row in found.premiums
    ]
    return (
        f"## What each language pays\n\nPremium over {markdown_text(labels[found.reference])} on "
        f"{found.lines:,} parallel lines; Gini {found.gini:.3f}, median "
        f"{each.premiums.median:.2f}.\n\n{_table(('language', 'premium', 'tokens'), rows)}"
    )


def _vocabulary(each: TokenizerCard) -> str:
    found = each.vocabulary
    rows = [
        (kind, name, f"{count:,}", f"{part.share(name):.1%}")
        for kind, part in (("role", found.roles), ("script", found.scripts))
        for name, count in list(part.counts.items())[:12]
    ]
    return f"## What the ids are\n\n{_table(('by', 'part', 'ids', 'share'), rows)}"


def _limits(each: TokenizerCard) -> str:
    reach, usage = each.reachability, each.usage
    return (
        "## Known failures\n\n"
        f"- {reach.unproduced:,} ids that no text produces, {reach.cut:,} that the splitter "
        f"cuts, {reach.holes:,} holes\n"
        f"- {reach.partial_utf8:,} ids are parts of characters\n"
        f"- {usage.dead:,} ids ({usage.dead_share:.1%}) do not occur in "
        f"{size_text(usage.bytes)} of text\n"
    )


def _numbers(each: TokenizerCard) -> str:
    found = each.numbers
    lines = [f"- {name}: {value:.0%} in one token" for name, value in found.single.items()]
    lines.append(f"- seven digits are cut {found.patterns[7]}")
    lines.append(f"- digits of additions line up by place in {found.aligned:.0%}")
    return "## Numbers\n\n" + "\n".join(lines) + "\n"


def _method(card: CardContent) -> str:
    data = card.data
    return (
        "## How this was measured\n\n"
        f"{data.documents:,} documents, {size_text(data.bytes)}, from "
        f"{', '.join(markdown_text(source) for source in data.source)}. {card.word_rule}. Every "
        "figure with its estimator, denominator and fingerprints is in the JSON form.\n"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [
        map(markdown_text, heads),
        ["---"] * len(heads),
        *(map(markdown_text, r) for r in rows),
    ]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _code(text: str) -> str:
    return text.replace("`", "'").replace("\n", " ")


def _value(value: float | None) -> str:
    if value is None:
        return MISSING
    return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _yaml(value: Any) -> str:
    """A value as YAML; strings in JSON's quotes, which YAML reads."""
    return "null" if value is None else json.dumps(value, ensure_ascii=False)
