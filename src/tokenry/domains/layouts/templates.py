"""How a file writes its elements: the text around the label and the four numbers of each.

A file is taken apart by its own first element: what stands between its values there stands between
those of the others, too. So any order of keys, any spacing and any names will do, and what is
written otherwise is left between elements as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tokenry.errors import DomainError

VALUES: Final = 5  # of an element: a label and four numbers
NUMBER: Final = rb"-?(?:0|[1-9]\d{0,7})(?:\.\d{1,8})?"
TEXT: Final = rb'([^"\\]*(?:\\.[^"\\]*)*)'
STRING: Final = b'"' + TEXT + b'"'
_FLAT: Final = re.compile(rb"\{[^{}]*\}")
_VALUE: Final = re.compile(rb'"(?:label|type|category|class|name)"\s*:\s*' + STRING)
_NUMBERS: Final = re.compile(rb"(?<=[\[:,\s])" + NUMBER + rb"(?=[\s,\]}])")
_BOX: Final = re.compile(rb"\[\s*" + rb"\s*,\s*".join([NUMBER] * (VALUES - 1)) + rb"\s*\]")
_WIDTH: Final = re.compile(
    rb'"(?:canvas_|page_|image_)?(?:width|w)"\s*:\s*(' + NUMBER + rb")(?=[\s,}])"
)
_HEIGHT: Final = re.compile(
    rb'"(?:canvas_|page_|image_)?(?:height|h)"\s*:\s*(' + NUMBER + rb")(?=[\s,}])"
)


@dataclass(frozen=True)
class ElementTemplate:
    """The texts around the values of an element.

    Attributes:
        texts: six, before, between and behind the values.
        label: which of the five values is the label.
    """

    texts: tuple[bytes, ...]
    label: int

    def pattern(self) -> re.Pattern[bytes]:
        """What finds elements, with a group a value."""
        found = [re.escape(self.texts[0])]
        for number, text in enumerate(self.texts[1:]):
            value = TEXT if number == self.label else rb"(" + NUMBER + rb")"
            found += [value, re.escape(text)]
        return re.compile(b"".join(found))


USUAL: Final = ElementTemplate((b'{"label": "', b'", "box": [', b", ", b", ", b", ", b"]}"), 0)
"""How elements are written that no file wrote."""
USUAL_END: Final = b"]}\n"
USUAL_BETWEEN: Final = b", "


def template_of(data: bytes) -> ElementTemplate:
    """The template of the first element of a file.

    Raises:
        DomainError: there is no object with a label and four numbers.
    """
    for found in _FLAT.finditer(data):
        label = _VALUE.search(found[0])
        if label is None:
            continue
        box = _BOX.search(found[0])
        inside = box.span() if box else (0, len(found[0]))
        numbers = [m.span() for m in _NUMBERS.finditer(found[0], *inside) if not _within(m, label)]
        if len(numbers) == VALUES - 1:
            return _around(found[0], label.span(1), numbers)
    raise DomainError(
        f"no element with a label and four numbers in {len(data)} bytes; expected JSON with "
        'objects such as {"label": "title", "box": [10, 10, 80, 12]}'
    )


def _within(found: re.Match[bytes], outer: re.Match[bytes]) -> bool:
    return outer.start() <= found.start() < outer.end()


def _around(text: bytes, label: tuple[int, int], numbers: list[tuple[int, int]]) -> ElementTemplate:
    spans = sorted([label, *numbers])
    ends = [0, *(end for _, end in spans)]
    begins = [*(begin for begin, _ in spans), len(text)]
    texts = tuple(text[a:b] for a, b in zip(ends, begins, strict=True))
    return ElementTemplate(texts, spans.index(label))


def page_of(text: bytes) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Where the width and the height of a page stand in the text before its elements."""
    widths, heights = list(_WIDTH.finditer(text)), list(_HEIGHT.finditer(text))
    if not widths or not heights:
        return None
    width, height = widths[-1].span(1), heights[-1].span(1)
    return width, height
