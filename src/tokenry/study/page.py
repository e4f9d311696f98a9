"""report.html of a study: one self-contained page, readable without scripts."""

from __future__ import annotations

from html import escape

from tokenry.drawing.blocks import (
    SHORT_CSS,
    document,
    figure,
    figure_cell,
    row,
    size_text,
    swatch,
    table,
)
from tokenry.drawing.tokens import draw_tokens
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.registry import LEAD, metrics_of
from tokenry.study.content import Example, ExampleCut, Saving, StudiedTokenizer, Study
from tokenry.study.plots import curve_plot, domains_drawn, premiums_drawn, ranks_drawn


def render(study: Study) -> str:
    """The whole page. Every text from data or file names is escaped."""
    title = f"{study.to_take} — a tokenizer study"
    sections = [
        _header(study),
        _scorecard(study),
        _domains(study),
        _curve(study),
        _premiums(study),
        _examples(study),
        _ranks(study),
        _method(study),
    ]
    return document(title, "\n".join(section for section in sections if section))


def render_short(study: Study) -> str:
    """The winner and the scorecard, for a notebook."""
    winner = study.winner
    text = f"{winner.summary} {study.advice.reason}" if study.advice else winner.summary
    body = f'<p class="lead">{escape(text)}</p>{_scorecard(study)}'
    return document(f"{study.to_take} — a tokenizer study", body, SHORT_CSS)


def _header(study: Study) -> str:
    winner = study.winner
    found = next(each for each in study.tokenizers if each.name == winner.name)
    lead = found.overall[LEAD.name]
    tiles = [
        (f"{lead.value:.2f}", LEAD.label, _range(lead)),
        *[_saving_tile(name, saving) for name, saving in winner.savings.items()][:3],
        (_percent(found.overall["lossless"].value), "of documents come back byte for byte", ""),
    ]
    drawn = "".join(
        f'<div class="tile"><b>{escape(value)}</b><span>{escape(label)}</span>'
        f"<small>{escape(note)}</small></div>"
        for value, label, note in tiles
    )
    return (
        f'<header><p class="kicker">Tokenry study · {escape(_sources(study))}</p>'
        f"<h1><em>{escape(study.to_take)}</em> is the tokenizer to take</h1>"
        f'<p class="lead">{escape(winner.summary)}</p>'
        f'<div class="tiles">{drawn}</div>{_advice(study)}'
        f'<p class="reason">{_winner(study, found)}</p></header>'
    )


def _advice(study: Study) -> str:
    """Which of all to take, with the rows of its vocabulary counted in."""
    if study.advice is None:
        return ""
    return f'<p class="reason">{escape(study.advice.reason)}</p>'


def _winner(study: Study, found: StudiedTokenizer) -> str:
    """Why the winner won, and where it is."""
    name, reason = escape(found.name), escape(study.winner.reason)
    if not found.is_learnt:
        return reason[:1].upper() + reason[1:]
    return (
        f"Fewest tokens of those learnt: {reason} It is saved as <code>tokenizers/{name}/</code> "
        f"({escape(_files(found))})."
    )


def _files(found: StudiedTokenizer) -> str:
    """The files of a learnt tokenizer, and whether other programs read the same from them."""
    export = found.export
    if export is None:
        return ""
    exact = "exact" if export.exact else "for other programs not exact"
    return f"{', '.join(map(str, export.paths))}; {exact}"


def _sources(study: Study) -> str:
    names = [source.rstrip("/").rsplit("/", 1)[-1] for source in study.data.source]
    shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return f"{shown} · {study.created[:10]}"


def _saving_tile(name: str, saving: Saving) -> tuple[str, str, str]:
    value = saving.value
    sign = "−" if value >= 0 else "+"
    note = ""
    if saving.low is not None and saving.high is not None:
        ends = sorted((-saving.high, -saving.low))
        note = f"{_signed(ends[0])} to {_signed(ends[1])}"
    return f"{sign}{abs(value):.1%}", f"tokens against {name}", note


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−'}{abs(value):.1%}"


def _range(figure: Measurement) -> str:
    interval = figure.interval
    return "" if interval is None else f"{interval.low:.2f} to {interval.high:.2f}"


def _scorecard(study: Study) -> str:
    metrics = metrics_of("study", "scorecard", "cost", "speed", level="page")
    rows = "".join(
        row(
            each.name,
            [f"{each.vocabulary_size:,}"],
            after="".join(figure_cell(one, study.figure(each, one)) for one in metrics),
            position=i,
            note="learnt here" if each.is_learnt else "reference",
            marked=each.name == study.winner.name,
        )
        for i, each in enumerate(study.tokenizers)
    )
    heads = ["tokenizer", "ids", *(metric.label for metric in metrics)]
    return (
        f"<section><h2>Scorecard</h2>{table(heads, rows)}"
        f'<p class="note">Measured on {study.data.held_out.documents:,} held-out '
        f"documents, {size_text(study.data.held_out.bytes)}. Small figures: 95% interval "
        "by bootstrap over documents. Efficiencies divide by log₂ of the full vocabulary, so they "
        "compare only with care across vocabulary sizes. Speed: CPU time, one thread, warm, "
        "with the slowest and the fastest pass. Rows and operations: of a model of width "
        f"{study.options.shape.width:,} with {study.options.shape.layers} layers."
        f"{_lossy_note(study)}</p>"
        "</section>"
    )


def _lossy_note(study: Study) -> str:
    """Say of every tokenizer that loses text that its figures flatter it."""
    notes = [
        f" <strong>{escape(each.name)}</strong> does not restore the text "
        f"({each.overall['unknown_share'].value:.1%} of its tokens stand for what it does "
        "not know), so its other figures flatter it."
        for each in study.tokenizers
        if not each.restores
    ]
    return "".join(notes)


def _domains(study: Study) -> str:
    drawn = domains_drawn(study)
    if drawn is None:
        return ""
    return figure(
        "By domain",
        drawn,
        "Each mark is one tokenizer on the held-out documents of one domain; the line through it "
        "is the 95% interval. Do not compare domains in different scripts by bytes: a letter "
        "takes one to four.",
    )


def _curve(study: Study) -> str:
    return figure(
        "What a larger vocabulary buys",
        curve_plot(study),
        "Lines: the learnt tokenizers cut down to their first ids; vocabularies of merges nest, so "
        "one run of learning gives the whole line. Single marks: references, and kinds that do not "
        "nest, at their own size.",
    )


def _premiums(study: Study) -> str:
    found, drawn = study.premiums, premiums_drawn(study)
    if found is None or drawn is None:
        return ""
    ginis = ", ".join(f"{escape(name)} {row.gini:.3f}" for name, row in found.by_tokenizer.items())
    lines = next(iter(found.by_tokenizer.values())).lines
    caption = (
        f"{lines:,} lines that say the same in {len(found.labels)} languages: "
        f"{escape(found.source)}. Bars: {escape(study.winner.name)}. "
        f"Gini coefficient of the tokens a language needs (0 = all pay the same): {ginis}."
        " A premium also grows where the reference language alone gets cheaper."
    )
    return figure("What each language pays", drawn, caption)


def _ranks(study: Study) -> str:
    return figure(
        "How evenly the ids are used",
        ranks_drawn(study),
        "A flatter line uses the vocabulary more evenly; where it ends, the ids that occur end.",
    )


def _examples(study: Study) -> str:
    if not study.examples:
        return ""
    blocks = "".join(_example(study, example) for example in study.examples)
    return (
        '<section><h2>The same words, cut</h2><p class="note">Passages of the held-out part, '
        'chosen by a hash. Each colour is one token; <span class="many">a hatched place</span> '
        "took several tokens within one character. · space, → tab, ↵ line end.</p>"
        f"{blocks}</section>"
    )


def _example(study: Study, example: Example) -> str:
    cuts = example.cuts
    true = [each.name for each in study.tokenizers if each.restores] or study.names
    fewest = min(len(cuts[name].ids) for name in true)
    cards = "".join(
        _cut(i, each.name, example.text, cuts[each.name], fewest)
        for i, each in enumerate(study.tokenizers)
    )
    return (
        f'<article class="example"><h3>{escape(example.domain)}</h3>'
        f'<div class="cuts">{cards}</div></article>'
    )


def _cut(i: int, name: str, text: str, cut: ExampleCut, fewest: int) -> str:
    best = ' class="best"' if len(cut.ids) == fewest else ""
    return (
        f'<div class="cut"><p>{swatch(i)}{escape(name)} <b{best}>{len(cut.ids)}</b></p>'
        f"{draw_tokens(text, cut.ids, cut.ends)}</div>"
    )


def _method(study: Study) -> str:
    data, options = study.data, study.options
    learning = "; ".join(
        f"{escape(each.name)} {each.seconds_to_learn:.1f} s"
        for each in study.tokenizers
        if each.seconds_to_learn is not None
    )
    rows = [
        (
            "data",
            f"{data.documents:,} documents, {size_text(data.bytes)}, "
            f"{data.duplicates:,} exact copies",
        ),
        ("learnt from", size_text(data.learning_bytes)),
        (
            "held out",
            f"{data.held_out.documents:,} documents, "
            f"{size_text(data.held_out.bytes)}; {data.held_out.rule}",
        ),
        (
            "collections",
            "a file above 256 kB is cut into passages of up to 8 kB, and each is a document",
        ),
        ("word", study.word_rule),
        ("seed", str(options.seed)),
        ("data fingerprint", data.fingerprint),
        ("tokenry", study.tokenry),
    ]
    drawn = "".join(f"<dt>{escape(key)}</dt><dd>{escape(text)}</dd>" for key, text in rows)
    prints = "".join(
        f"<dt>{escape(each.name)}</dt><dd><code>{each.fingerprint}</code></dd>"
        for each in study.tokenizers
    )
    return (
        f'<section class="method"><h2>How this was measured</h2><dl>{drawn}'
        f"<dt>time to learn</dt><dd>{learning}</dd>{prints}</dl>"
        '<p class="note">Every figure of this page, with its estimator and denominator, is in '
        "<code>study.json</code> beside it.</p></section>"
    )


def _percent(value: float) -> str:
    return "100%" if value == 1 else f"{value:.1%}"
