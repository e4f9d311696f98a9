"""The difference of two tokenizers as a page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from tokenry.card.compared import Compared, TokenChange
from tokenry.drawing.blocks import document, note, row, section, size_text, table
from tokenry.drawing.canvas import GRID, INK, canvas, clip, color_of
from tokenry.drawing.plot import Plot
from tokenry.drawing.tokens import marked


def render(found: Compared) -> str:
    """The whole page. Every text from data or file names is escaped."""
    first, second = found.names
    parts = [
        _header(found),
        _changes("By domain", "domain", found.domains, found),
        _changes("By language", "language", found.languages, found),
        _words(found),
        _ids(found),
        _method(found),
    ]
    return document(f"{first} and {second}", "\n".join(part for part in parts if part))


def _header(found: Compared) -> str:
    first, second = map(escape, found.names)
    total, ids = found.total, found.ids
    tiles = [
        (f"{total.change:+.1%}", "tokens for the same text"),
        (f"{ids.shared:,}", f"ids stand for the same, {ids.same_id:,} under the same number"),
        (f"{found.words.share:.1%}", "of words are cut otherwise"),
    ]
    cost, sign = found.cost, found.options.currency
    if cost is not None:
        text = f"{sign}{cost.first:.3f} → {sign}{cost.second:.3f} for a million bytes"
        tiles.append((f"{cost.change:+.1%}", text))
    drawn = "".join(
        f'<div class="tile"><b>{escape(value)}</b><span>{escape(text)}</span></div>'
        for value, text in tiles
    )
    return (
        f'<header><p class="kicker">Difference · {found.created[:10]}</p>'
        f"<h1><em>{second}</em> in the place of {first}</h1>"
        f'<div class="tiles">{drawn}</div></header>'
    )


def _changes(
    title: str, kind: str, parts: Mapping[str, TokenChange] | None, found: Compared
) -> str:
    if not parts:
        return ""
    first, second = found.names
    rows = [
        row(name, [f"{part.first:,}", f"{part.second:,}", _change(part)])
        for name, part in parts.items()
    ]
    return section(
        title,
        f"<figure>{change_plot(kind, parts).to_html()}</figure>",
        table([kind, f"tokens of {first}", f"tokens of {second}", "change"], rows),
    )


def _change(part: TokenChange) -> str:
    if part.low is None:
        return f"{part.change:+.1%}"
    return f"{part.change:+.1%} ({part.low:+.1%} to {part.high:+.1%})"


def change_plot(kind: str, parts: Mapping[str, TokenChange]) -> Plot:
    """More or fewer tokens: one bar a part, with its interval."""
    figure, axes = canvas(0.7 + 0.22 * len(parts))
    for place, part in enumerate(parts.values()):
        color = color_of(1 if part.change <= 0 else 0)
        axes.barh([place], [part.change], color=color, alpha=0.55, height=0.7)
        if part.low is not None and part.high is not None:
            axes.plot([part.low, part.high], [place, place], color=INK, linewidth=1)
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_yticks(range(len(parts)), labels=[clip(name) for name in parts], fontsize=8.5)
    axes.set_ylim(len(parts) - 0.4, -0.6)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+.0%}")
    axes.set_xlabel("tokens more or fewer")
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    return Plot(figure, f"change-{kind}", f"Change of tokens by {kind}")


def _words(found: Compared) -> str:
    first, second = found.names
    words = found.words
    rows = [
        f'<tr><th scope="row"><code>{marked(each.word)}</code></th>'
        f"<td>{each.count:,}</td><td><code>{marked(each.first)}</code></td>"
        f"<td><code>{marked(each.second)}</code></td></tr>"
        for each in words.examples
    ]
    return section(
        "Words that are cut otherwise",
        note(
            f"{words.changed_types:,} of {words.types:,} distinct words, "
            f"{words.changed_occurrences:,} of {words.occurrences:,} occurrences. Each is "
            "shown as it is cut most often where the two differ; words are cut in their contexts."
        ),
        table(["word", "occurrences", first, second], rows),
    )


def _ids(found: Compared) -> str:
    first, second = found.names
    ids = found.ids
    rows = [
        row(first, [f"{ids.shared:,}", f"{ids.same_id:,}", f"{ids.only_first:,}"]),
        row(second, [f"{ids.shared:,}", f"{ids.same_id:,}", f"{ids.only_second:,}"]),
    ]
    lists = "".join(
        f"<dt>only {escape(name)}</dt><dd>"
        + " ".join(f"<code>{marked(piece[:60])}</code>" for piece in pieces)
        + "</dd>"
        for name, pieces in (
            (first, ids.examples_only_first),
            (second, ids.examples_only_second),
        )
    )
    return section(
        "Ids",
        table(["tokenizer", "ids in both", "under the same number", "only here"], rows),
        f"<details><summary>pieces that only one has</summary><dl>{lists}</dl></details>",
        note("Pieces are compared by their bytes, however the files spell them."),
    )


def _method(found: Compared) -> str:
    rows = [
        ("data", ", ".join(found.data.source)),
        ("bytes", size_text(found.data.bytes)),
        ("data fingerprint", found.data.fingerprint),
        *((each.name, each.fingerprint) for each in found.tokenizers),
    ]
    drawn = "".join(f"<dt>{escape(key)}</dt><dd>{escape(text)}</dd>" for key, text in rows)
    return section("How this was measured", f"<dl>{drawn}</dl>")
