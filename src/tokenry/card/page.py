"""The card as a page: one section an output, each readable without the others.

Sections are drawn from the JSON of the card alone; a section without data is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from tokenry.card.lists import findings, information, lexicon, morphology, numbers, sensitivity
from tokenry.card.plots import length_plot, lorenz_plot, make_up_plot, sweep_plot
from tokenry.drawing.blocks import (
    document,
    figure,
    interval_cell,
    note,
    row,
    section,
    size_text,
    swatch,
    table,
)
from tokenry.drawing.plots import domain_plot, premium_plot, rank_plot
from tokenry.measuring.vocabulary import ROLES

Content = dict[str, Any]
MOST_UNKNOWN = 0.1  # as Petrov et al. 2023 (arXiv:2305.15425) leave languages out
COLUMNS = (
    ("bytes_per_token", "bytes per token", 3, False),
    ("tokens_per_1000_words", "tokens per 1,000 words", 0, False),
    ("continued_words", "continued words", 1, True),
    ("lossless", "lossless", 1, True),
    ("unknown_share", "unknown", 2, True),
    ("single_byte_share", "single bytes", 1, True),
    ("vocabulary_use", "vocabulary used", 1, True),
    ("renyi_efficiency", "Rényi efficiency", 3, False),
)


def render(content: Content) -> str:
    """The whole page. Every text from data or file names is escaped."""
    names = names_of(content)
    parts: tuple[Callable[[Content], str], ...] = (
        _header, _scorecard, _premiums, _domains, _vocabulary, _usage, information, findings,
        morphology, lexicon, numbers, sensitivity, _sweep, _method,
    )  # fmt: skip
    drawn = (part(content) for part in parts)
    return document(
        f"{', '.join(names)}: tokenizer card", "\n".join(each for each in drawn if each)
    )


def names_of(content: Content) -> list[str]:
    """Names of the tokenizers, in order."""
    return [each["name"] for each in content["tokenizers"]]


def _header(content: Content) -> str:
    first = content["tokenizers"][0]
    score = first["scorecard"]
    tiles = [
        (f"{first['vocabulary_size']:,}", "ids"),
        (f"{score['bytes_per_token']['value']:.2f}", "bytes per token"),
        (_percent(score["lossless"]["value"]), "of documents come back byte for byte"),
        (f"{first['speed']['value']:,.0f}", "MB/s, one core, warm"),
    ]
    if first["premiums"] is not None:
        worst = first["premiums"]["premiums"][-1]
        label = content["parallel"]["labels"].get(worst["language"], worst["language"])
        tiles.append((f"{worst['value']:.1f}×", f"paid by {label}, the dearest language"))
    drawn = "".join(
        f'<div class="tile"><b>{escape(value)}</b><span>{escape(text)}</span></div>'
        for value, text in tiles
    )
    others = names_of(content)[1:]
    beside = f", beside {', '.join(others)}" if others else ""
    return (
        f'<header><p class="kicker">Tokenizer card · {content["created"][:10]}</p>'
        f"<h1><em>{escape(first['name'])}</em>{escape(beside)}</h1>"
        f'<div class="tiles">{drawn}</div></header>'
    )


def _scorecard(content: Content) -> str:
    rows = [
        f'<tr><th scope="row">{swatch(i)}{escape(each["name"])}<small>{escape(each["file"])}, '
        f"{size_text(each['file_bytes'])}</small></th><td>{each['vocabulary_size']:,}</td>"
        + "".join(interval_cell(each["scorecard"][key], d, share) for key, _, d, share in COLUMNS)
        + f"<td>{each['speed']['value']:,.0f}</td></tr>"
        for i, each in enumerate(content["tokenizers"])
    ]
    heads = ["tokenizer", "ids", *(label for _, label, _, _ in COLUMNS), "MB/s"]
    data = content["data"]
    return section(
        "Scorecard",
        table(heads, rows),
        note(
            f"{data['documents']:,} documents, {size_text(data['bytes'])}, at most "
            f"{size_text(data['budget'])} a domain. Small figures: 95% interval by bootstrap over "
            f"documents. For fertility, {content['word_rule']}. Efficiency divides by log₂ of the "
            "full vocabulary. Figures of a tokenizer that loses text flatter it."
        ),
    )


def _premiums(content: Content) -> str:
    if content["parallel"] is None:
        return ""
    parallel, names = content["parallel"], names_of(content)
    found = [each["premiums"] for each in content["tokenizers"]]
    drawn = premium_plot(
        {name: _understood(each) for name, each in zip(names, found, strict=True)},
        parallel["labels"],
        parallel["reference"],
        names[0],
    )
    caption = (
        f"{parallel['lines']:,} lines that say the same in {len(parallel['labels'])} languages: "
        f"{escape(parallel['source'])}. Bars: {escape(names[0])}. A premium also grows where the "
        f"reference language alone gets cheaper.{_left_out(names, found)}"
    )
    return (
        figure("What each language pays", drawn, caption, names)
        + figure(
            "How unequal that is",
            lorenz_plot([each["lorenz"] for each in found]),
            "The further below the line, the more unequal: half the area between them is the Gini "
            "coefficient.",
            names,
        )
        + _inequality(content)
    )


def _understood(premiums: Content) -> list[Content]:
    """Premiums of the languages that the tokenizer knows: unknown text costs next to nothing."""
    shares = premiums["unknown"]
    return [row for row in premiums["premiums"] if shares[row["language"]] <= MOST_UNKNOWN]


def _left_out(names: list[str], found: list[Content]) -> str:
    notes = [
        f" {escape(name)}: {len(each['premiums']) - len(_understood(each))} languages left out, of "
        f"whose tokens more than {MOST_UNKNOWN:.0%} are unknown."
        for name, each in zip(names, found, strict=True)
        if len(_understood(each)) < len(each["premiums"])
    ]
    return "".join(notes)


def _inequality(content: Content) -> str:
    sets = any(each["premiums"]["sets"] for each in content["tokenizers"])
    heads = ["tokenizer", "Gini", "median premium", "90% of languages below", "dearest"]
    heads += (
        ["Gini, made for", "Gini, others", "median, made for", "median, others"] if sets else []
    )
    cost = content["options"]["price"] is not None
    heads += ["dearest text costs"] if cost else []
    rows = []
    for i, each in enumerate(content["tokenizers"]):
        found = each["premiums"]
        cells = [f"{found['gini']:.3f}", f"{found['median']:.2f}", f"{found['p90']:.2f}"]
        cells.append(f"{found['premiums'][-1]['value']:.1f} {found['worst']}")
        if sets:
            keys = ("gini_in", "gini_out", "premium_in", "premium_out")
            cells += [_plain(found["sets"][key], ".3f") for key in keys]
        if cost:
            cells.append(f"{content['options']['currency']}{max(found['cost'].values()):.4f}")
        rows.append(row(each["name"], cells, position=i))
    return section("Inequality in figures", table(heads, rows))


def _domains(content: Content) -> str:
    names = names_of(content)
    drawn = figure(
        "By domain",
        domain_plot(content["tokenizers"]),
        "Each mark is one tokenizer on one domain; the line through it is the 95% interval. Do not "
        "compare domains in different scripts by bytes: a letter takes one to four.",
        names,
    )
    heads = ["tokenizer", *content["data"]["domains"]]
    rows = []
    for i, each in enumerate(content["tokenizers"]):
        cells = []
        for name in content["data"]["domains"]:
            part = each["domains"][name]
            text = f"{part['bytes_per_token']['value']:.2f}"
            cells.append(text if i == 0 else f"{text} ({-part['saving']:+.1%})")
        rows.append(row(each["name"], cells, position=i))
    remark = note(f"Bytes per token; in brackets, tokens more or fewer than {names[0]}.")
    return drawn + section("Domains in figures", table(heads, rows), remark)


def _vocabulary(content: Content) -> str:
    names = names_of(content)
    parts = {each["name"]: each["vocabulary"] for each in content["tokenizers"]}
    roles = {name: part["roles"] for name, part in parts.items()}
    scripts = {name: part["scripts"] for name, part in parts.items()}
    rows = [
        row(
            name,
            [
                *(f"{part['duplicates'][by]['extra'] / max(1, part['duplicates'][by]['total']):.1%}"
                  for by in ("case", "space", "both")),
                f"{part['model']['row_parameters'] / 1e6:,.1f} M",
                f"{part['model']['row_share']:.0%}",
                "–" if part["languages"] is None else f"{part['languages']['unused']:,}",
            ],
            position=i,
        )
        for i, (name, part) in enumerate(parts.items())
    ]  # fmt: skip
    heads = ["tokenizer", "duplicates by case", "by space", "by both", "row parameters"]
    heads += ["share of the model", "ids that no language uses"]
    model = content["options"]
    return (
        figure(
            "What the ids are",
            make_up_plot("role", roles, ROLES),
            "A word begins with a space; a subword may stand inside one; a superword holds letters "
            f"on both sides of a space. Bars: {escape(names[0])}.",
            names,
        )
        + figure(
            "Scripts",
            make_up_plot("script", scripts),
            "Script of the letters of a piece; none: no letters.",
            names,
        )
        + figure(
            "Lengths",
            length_plot([part["lengths"] for part in parts.values()]),
            "How long pieces are.",
            names,
        )
        + section(
            "The vocabulary in figures",
            table(heads, rows),
            note(
                f"Rows of input and output for a model of width {model['width']:,} with "
                f"{model['layers']} layers. Duplicates are ids beyond the first of those that "
                "differ in case, in a leading space, or in both."
            ),
        )
    )


def _usage(content: Content) -> str:
    names = names_of(content)
    dead = ", ".join(
        f"{escape(each['name'])} {each['usage']['dead']:,} ({each['usage']['dead_share']:.0%})"
        for each in content["tokenizers"]
    )
    return figure(
        "How evenly the ids are used",
        rank_plot([each["usage"]["rank_frequency"] for each in content["tokenizers"]]),
        f"In {size_text(content['tokenizers'][0]['usage']['bytes'])} of text. A flatter line uses "
        f"the vocabulary more evenly. Ids that never occur here: {dead}.",
        names,
    )


def _sweep(content: Content) -> str:
    sweeps = {each["name"]: each["sweep"] for each in content["tokenizers"] if each["sweep"]}
    if not sweeps:
        return ""
    names = names_of(content)
    model = content["options"]
    rules = "; ".join(
        f"{escape(name)}: {found['recommended']:,} ids" for name, found in sweeps.items()
    )
    return figure(
        "What a smaller vocabulary would cost",
        sweep_plot(names, sweeps),
        "The first n ids of each vocabulary that nests, in a model of width "
        f"{model['width']:,} with {model['layers']} layers: "
        f"{escape(next(iter(sweeps.values()))['formula'])}. Recommended is the smallest size whose "
        f"operations per byte are within 1% of the fewest: {rules}.",
        names,
    )


def _method(content: Content) -> str:
    rows = [
        ("data", ", ".join(content["data"]["source"])),
        ("data fingerprint", content["data"]["fingerprint"]),
        ("seed", str(content["options"]["seed"])),
        ("tokenry", content["tokenry"]),
        *((each["name"], each["fingerprint"]) for each in content["tokenizers"]),
    ]
    drawn = "".join(f"<dt>{escape(key)}</dt><dd>{escape(text)}</dd>" for key, text in rows)
    return section(
        "How this was measured",
        f"<dl>{drawn}</dl>",
        note(
            "Every figure, with unit, estimator, denominator, interval and fingerprints, is in the "
            "JSON form of this card (--json)."
        ),
    )


def _percent(value: float) -> str:
    return "100%" if value == 1 else f"{value:.1%}"


def _plain(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)
