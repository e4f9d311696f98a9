"""The card as Markdown with front matter, to lie beside the tokenizer's files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from tokenry.drawing.blocks import size_text

Content = dict[str, Any]
_LONGEST: Final = 300  # characters of a value of the metadata


def render(content: Content) -> str:
    """One card after another, as many as there are tokenizers."""
    return "\n".join(_card(content, each) for each in content["tokenizers"])


def _card(content: Content, each: Content) -> str:
    parts = [
        _front_matter(content, each),
        f"# {_plain(each['name'])}\n",
        _what(each),
        _score(content, each),
        _domains(each),
        _languages(content, each),
        _vocabulary(each),
        _limits(each),
        _numbers(each),
        _method(content),
    ]
    return "\n".join(part for part in parts if part)


def _front_matter(content: Content, each: Content) -> str:
    score = each["scorecard"]
    facts: dict[str, Any] = {
        "name": each["name"],
        "file": each["file"],
        "fingerprint": each["fingerprint"],
        "vocabulary_size": each["vocabulary_size"],
        "segmenter": each["segmenter"],
        "split": each["split"],
        "normalizer": each["normalizer"],
        "lossless": each["declared_lossless"],
        "bytes_per_token": _rounded(score["bytes_per_token"]["value"]),
        "tokens_per_1000_words": _rounded(score["tokens_per_1000_words"]["value"]),
        "gini": None if each["premiums"] is None else _rounded(each["premiums"]["gini"]),
        "data": content["data"]["fingerprint"],
        "measured": content["created"][:10],
        "tokenry": content["tokenry"],
    }
    return "---\n" + "".join(f"{key}: {_yaml(value)}\n" for key, value in facts.items()) + "---\n"


def _what(each: Content) -> str:
    lines = [
        f"- {each['vocabulary_size']:,} ids, {size_text(each['file_bytes'])} on disk",
        f"- split: {_plain(each['split'])}; segmenter: {each['segmenter']}; normalizer: "
        f"{each['normalizer'] or 'none'}",
        f"- specials: {', '.join(f'`{_code(name)}`' for name in each['specials']) or 'none'}",
        *(f"- {_plain(key)}: {_plain(_short(value))}" for key, value in each["metadata"].items()),
    ]
    return "## What it is\n\n" + "\n".join(lines) + "\n"


def _short(text: str) -> str:
    """For options of learners, which may list 20,000 roots."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _score(content: Content, each: Content) -> str:
    rows = []
    for figure in each["scorecard"].values():
        interval = figure["interval"]
        between = "–" if interval is None else f"{interval['low']:.4g} to {interval['high']:.4g}"
        rows.append((figure["name"], _value(figure["value"]), between, figure["unit"]))
    speed = each["speed"]
    rows.append(("encode speed", _value(speed["value"]), "–", speed["unit"]))
    return f"## Score\n\n{_table(('figure', 'value', '95% interval', 'unit'), rows)}"


def _domains(each: Content) -> str:
    rows = [
        (name, _value(part["bytes_per_token"]["value"]),
         _value(part["tokens_per_1000_words"]["value"]), f"{part['tokens']:,}")
        for name, part in each["domains"].items()
    ]  # fmt: skip
    return f"## By domain\n\n{_table(('domain', 'bytes/token', 'per 1,000 words', 'tokens'), rows)}"


def _languages(content: Content, each: Content) -> str:
    if each["premiums"] is None:
        return ""
    found, labels = each["premiums"], content["parallel"]["labels"]
    rows = [
        (labels.get(row["language"], row["language"]), f"{row['value']:.2f}", f"{row['tokens']:,}")
        for row in found["premiums"]
    ]
    return (
        f"## What each language pays\n\nPremium over {_plain(labels[found['reference']])} on "
        f"{found['lines']:,} parallel lines; Gini {found['gini']:.3f}, median "
        f"{found['median']:.2f}.\n\n{_table(('language', 'premium', 'tokens'), rows)}"
    )


def _vocabulary(each: Content) -> str:
    found = each["vocabulary"]
    rows = [
        (kind, name, f"{count:,}", f"{count / max(1, part['total']):.1%}")
        for kind, part in (("role", found["roles"]), ("script", found["scripts"]))
        for name, count in list(part["counts"].items())[:12]
    ]
    return f"## What the ids are\n\n{_table(('by', 'part', 'ids', 'share'), rows)}"


def _limits(each: Content) -> str:
    reach, usage = each["reachability"], each["usage"]
    return (
        "## Known failures\n\n"
        f"- {reach['unproduced']:,} ids that no text produces, {reach['cut']:,} that the splitter "
        f"cuts, {reach['holes']:,} holes\n"
        f"- {reach['partial_utf8']:,} ids are parts of characters\n"
        f"- {usage['dead']:,} ids ({usage['dead_share']:.1%}) do not occur in "
        f"{size_text(usage['bytes'])} of text\n"
    )


def _numbers(each: Content) -> str:
    found = each["numbers"]
    lines = [f"- {name}: {value:.0%} in one token" for name, value in found["single"].items()]
    lines.append(f"- seven digits are cut {found['patterns']['7']}")
    lines.append(f"- digits of additions line up by place in {found['aligned']:.0%}")
    return "## Numbers\n\n" + "\n".join(lines) + "\n"


def _method(content: Content) -> str:
    data = content["data"]
    return (
        "## How this was measured\n\n"
        f"{data['documents']:,} documents, {size_text(data['bytes'])}, from "
        f"{', '.join(_plain(source) for source in data['source'])}. {content['word_rule']}. Every "
        "figure with its estimator, denominator and fingerprints is in the JSON form.\n"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(map(_plain, line)) + " |\n" for line in lines)


def _plain(text: str) -> str:
    """A text as one line without Markdown of its own."""
    flat = " ".join(str(text).split())
    for sign in "\\`*_{}[]<>|#":
        flat = flat.replace(sign, f"\\{sign}")
    return flat.replace("\\-\\-\\-", "---")


def _code(text: str) -> str:
    return text.replace("`", "'").replace("\n", " ")


def _value(value: float | None) -> str:
    return "–" if value is None else f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _yaml(value: Any) -> str:
    """A value as YAML; strings in JSON's quotes, which YAML reads."""
    import json

    return "null" if value is None else json.dumps(value, ensure_ascii=False)
