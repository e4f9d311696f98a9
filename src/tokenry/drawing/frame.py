"""A page inside a notebook: neither's style touches the other."""

from __future__ import annotations

from html import escape


def framed(page: str, height: int, title: str) -> str:
    """An inline frame of a whole page; scripts do not run in it."""
    return (
        f'<iframe srcdoc="{escape(page)}" sandbox="" width="100%" height="{height}" '
        f'frameborder="0" title="{escape(title)}"></iframe>'
    )
