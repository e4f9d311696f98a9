from hypothesis import given
from hypothesis import strategies as st

from tokenry.drawing.spans import drawn_spans, visible


def test_tokens_that_end_between_characters_are_spans() -> None:
    spans = drawn_spans("abcde", [1, 2, 3], [2, 3, 5])
    assert [(span.text, span.ids) for span in spans] == [("ab", (1,)), ("c", (2,)), ("de", (3,))]


def test_a_character_of_several_tokens_is_drawn_once() -> None:
    # 東 is three bytes, one token each; the last token also holds the b
    spans = drawn_spans("a東b", [1, 2, 3, 4], [1, 2, 3, 5])
    assert [(span.text, span.ids) for span in spans] == [("a", (1,)), ("東b", (2, 3, 4))]


def test_an_accent_stays_on_its_letter() -> None:
    text = "e\u0301x"
    spans = drawn_spans(text, [1, 2, 3], [1, 3, 4])
    assert [span.text for span in spans] == ["e\u0301", "x"]
    family = "👩‍👩‍👧"
    assert len(drawn_spans(family, [1, 2], [4, len(family.encode())])) == 1


def test_tokens_of_no_bytes_belong_to_the_next_span() -> None:
    # byte fallback of a normaliser may give several ids the same end
    spans = drawn_spans("ab", [7, 8, 9], [0, 1, 2])
    assert [(span.text, span.ids) for span in spans] == [("a", (7, 8)), ("b", (9,))]


@given(st.text(max_size=30), st.data())
def test_spans_rebuild_the_text_and_keep_every_id(text: str, data: st.DataObject) -> None:
    text = text.encode("utf-8", "replace").decode()
    size = len(text.encode())
    inner = data.draw(st.lists(st.integers(0, size), max_size=12).map(sorted))
    ends = [*inner, size]
    spans = drawn_spans(text, list(range(len(ends))), ends)
    assert "".join(span.text for span in spans) == text
    assert [id_ for span in spans for id_ in span.ids] == list(range(len(ends)))


def test_what_is_invisible_is_shown() -> None:
    assert visible("a b\tc\nd") == "a·b→c↵\nd"
    assert visible("\u200b\ufeff\x00") == "⟨200B⟩⟨FEFF⟩⟨0000⟩"
    assert visible("नमस्ते 👩‍👧") == "नमस्ते·👩‍👧"
