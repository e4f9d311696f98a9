"""Columns of tokens: counts, colours, marks, escaping, and what is drawn of a long text."""

from __future__ import annotations

import itertools
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry import Tokenizer
from tokenry.drawing.columns import (
    COLORS,
    TextCounts,
    beginning,
    color_of_id,
    compare,
    cut_text,
    draw_columns,
    shared_spans,
)
from tokenry.drawing.view import show
from tokenry.errors import VocabularyError
from tokenry.learning import learn

TEXT = "low lower lowest <|end|> slow slower, flow; a glow below the bowl allowed to follow\n" * 20
SIGNS = str.maketrans({"·": " ", "→": "\t", "⍽": "\u00a0", "□": "\u3000", "␍": "\r"})


@pytest.fixture(scope="module")
def small() -> Tokenizer:
    return learn([TEXT], vocab_size=262, special_tokens=("<|end|>",))


@pytest.fixture(scope="module")
def large() -> Tokenizer:
    return learn([TEXT], vocab_size=275)


def drawn_text(html: str) -> str:
    """The text of the tokens of the only column."""
    tokens = re.search(r'<div class="tokens".*?>(.*)</div><ol', html, re.DOTALL)
    assert tokens
    bare = re.sub(r"<sup>\d+</sup>|<[^>]*>", "", tokens[1])
    return unescape(bare).replace("↵\n", "\n").translate(SIGNS)


def test_counts_are_of_bytes_characters_and_graphemes() -> None:
    assert TextCounts.of("añ👩‍👩‍👧") == TextCounts(bytes=21, characters=7, graphemes=3)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp", "Zs"))))
def test_what_is_drawn_is_the_text(text: str) -> None:
    tokenizer = learn([TEXT], vocab_size=262)
    text = text.translate({ord(sign): None for sign in "·→⍽□␍↵⟨⟩"})
    assert drawn_text(draw_columns(text, compare(text, {"a": tokenizer}))) == text


def test_text_is_escaped_everywhere(small: Tokenizer) -> None:
    text = "<script>alert('&')</script>\""
    html = draw_columns(text, compare(text, {"<img onerror=x>": small}), currency="<b>", price=1)
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>$" not in html
    assert drawn_text(html) == text


def test_specials_are_text_unless_recognised(small: Tokenizer) -> None:
    as_text = cut_text("a", small, "x<|end|>")
    recognised = cut_text("a", small, "x<|end|>", "recognised")
    assert len(as_text.ids) > len(recognised.ids) == 2
    assert recognised.ids[1] in recognised.specials
    assert "special" in draw_columns("x<|end|>", [recognised])
    assert "special" not in draw_columns("x<|end|>", [as_text])


def test_tokens_that_others_lack_are_marked(small: Tokenizer, large: Tokenizer) -> None:
    columns = compare("low lowest", {"small": small, "large": large})
    spans = [[(begin, end) for begin, end in column.spans.tolist()] for column in columns]
    shared = shared_spans(spans)
    assert (0, 3) in shared
    html = draw_columns("low lowest", columns)
    marked = sum(span not in shared for column in spans for span in column)
    assert html.count(' alone" data-t') == 2 * marked > 0
    alone = draw_columns("low lowest", columns[:1])
    assert " alone" not in alone


def test_a_character_of_several_tokens_lists_all_its_ids(small: Tokenizer) -> None:
    html = draw_columns("東", compare("東", {"a": small}))
    assert html.count('<li class="') == 3
    assert html.count('data-t="0"') == 4
    assert "<sup>3</sup>" in html


def test_cost_is_shown_where_there_is_a_price(small: Tokenizer) -> None:
    columns = compare("low", {"a": small})
    assert len(columns[0].ids) == 1
    assert "$0.000003" in draw_columns("low", columns, price=2.5)
    assert "cost" not in draw_columns("low", columns)


def test_a_long_text_is_counted_whole_and_drawn_in_part(small: Tokenizer) -> None:
    text = "low lower e\u0301 " * 20_000
    columns = compare(text, {"a": small})
    html = draw_columns(text, columns)
    assert f"<b>{len(text.encode()):,}</b> bytes" in html
    assert f">{len(columns[0].ids):,}</b> tokens" in html
    assert "are drawn" in html
    assert text.startswith(drawn_text(html))
    assert 19_900 < len(drawn_text(html).encode()) <= 20_000


@given(st.text(), st.integers(1, 30))
def test_a_beginning_ends_between_graphemes(text: str, size: int) -> None:
    part = beginning(text, size)
    assert text.startswith(part)
    assert len(part.encode()) <= max(size, 0) or part == text
    if part != text:
        assert TextCounts.of(part).graphemes + TextCounts.of(text[len(part) :]).graphemes == (
            TextCounts.of(text).graphemes
        )


def test_an_empty_text_has_empty_columns(small: Tokenizer) -> None:
    html = draw_columns("", compare("", {"a": small}))
    assert "<b>0</b> bytes" in html
    assert "data-t" not in html


def test_neighbouring_ids_differ_in_colour() -> None:
    colors = [color_of_id(id_) for id_ in range(5_000)]
    assert set(colors) == set(range(COLORS))
    assert sum(a == b for a, b in itertools.pairwise(colors)) < 300


def test_a_notebook_shows_a_page_in_a_frame(small: Tokenizer, large: Tokenizer) -> None:
    view = show("low <b>", small, large)
    assert [column.name for column in view.columns] == ["bpe", "bpe (2)"]
    frame = view._repr_html_()
    assert frame.startswith("<iframe srcdoc=")
    assert 'sandbox=""' in frame
    page = unescape(re.search(r'srcdoc="([^"]*)"', frame)[1])  # type: ignore[index]
    assert page == view.to_html()
    assert "&lt;" in page


def test_tokenizers_are_called_by_their_labels(small: Tokenizer, large: Tokenizer) -> None:
    view = show("low lower", large, mine=small, gpt2=large)
    assert [column.name for column in view.columns] == ["bpe", "mine", "gpt2"]
    lines = str(view).splitlines()
    assert lines[2].startswith("mine: ")
    assert [line.replace("|", "") for line in lines[1::2]] == ["low lower"] * 3
    assert lines[1].count("|") + 1 == len(view.columns[0].ids)


def test_what_is_no_tokenizer_is_named(small: Tokenizer) -> None:
    with pytest.raises(VocabularyError, match=r"gpt2 is .*expected tokenizers"):
        show("low", small, gpt2="gpt2.json")  # type: ignore[arg-type]
    with pytest.raises(VocabularyError, match="no tokenizer was given"):
        show("low")
