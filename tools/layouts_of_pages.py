"""Layouts of web pages, as JSON lines: `python tools/layouts_of_pages.py OUT PAGE...`.

Each page is laid out by Chromium in windows of three shapes; an element is a heading, a paragraph,
a list, a table, a picture, a stretch of code, a bar of links or a field that is seen in the window
and is not within another. Pages with fewer than 3 or more than 12 of them are left out.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

WINDOWS = ((1280, 800), (820, 1180), (390, 844))
LABELS = {
    "H1": "title", "H2": "heading", "H3": "heading", "H4": "heading", "P": "text", "UL": "list",
    "OL": "list", "DL": "list", "PRE": "code", "TABLE": "table", "IMG": "image", "SVG": "image",
    "NAV": "links", "INPUT": "field", "BUTTON": "field", "BLOCKQUOTE": "quote", "HEADER": "header",
    "FOOTER": "footer",
}  # fmt: skip
FEWEST, MOST, SMALLEST = 3, 12, 8
_FIND = """labels => {
  const found = [];
  const seen = new Set();
  for (const element of document.querySelectorAll('body *')) {
    const tag = element.tagName.toUpperCase();
    if (!(tag in labels)) continue;
    let outer = element.parentElement;
    while (outer && !seen.has(outer)) outer = outer.parentElement;
    if (outer) continue;
    const box = element.getBoundingClientRect();
    seen.add(element);
    found.push([labels[tag], box.x, box.y, box.width, box.height]);
  }
  return found;
}"""


def layout(found: list[Any], width: int, height: int) -> dict[str, Any] | None:
    """The elements that are seen in a window, from the top; None where they are too few or many."""
    elements = []
    for label, *box in found:
        x, y, w, h = (round(each) for each in box)
        left, top = max(x, 0), max(y, 0)
        right, bottom = min(x + w, width), min(y + h, height)
        if min(right - left, bottom - top) >= SMALLEST:
            elements.append({"label": label, "box": [left, top, right - left, bottom - top]})
    elements.sort(key=lambda each: (each["box"][1], each["box"][0]))
    if not FEWEST <= len(elements) <= MOST:
        return None
    return {"width": width, "height": height, "elements": elements}


def main(out: str, *pages: str) -> int:
    """Lay out pages and write what is found; 1 where no page had enough elements."""
    from playwright.sync_api import Error, sync_playwright

    lines: dict[str, None] = {}
    with sync_playwright() as started, Path(out).open("w", encoding="utf-8") as stream:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = started.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        for name in pages:
            try:
                page.goto(Path(name).resolve().as_uri(), wait_until="commit", timeout=5000)
                page.wait_for_selector("body", timeout=5000)
                for width, height in WINDOWS:
                    page.set_viewport_size({"width": width, "height": height})
                    made = json.dumps(layout(page.evaluate(_FIND, LABELS), width, height))
                    if made != "null" and made not in lines:
                        lines[made] = None
                        stream.write(f"{made}\n")
                        stream.flush()
            except Error as error:
                print(f"{name}: {str(error).splitlines()[0]}", file=sys.stderr)
        browser.close()
    return 0 if lines else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
