"""Lists of morphs and groups of allomorphs, given as such or as files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tokenry.errors import LearnError

MorphList = str | os.PathLike[str] | Sequence[str]
GroupList = str | os.PathLike[str] | Sequence[Sequence[str]]


def read_list(given: MorphList, name: str) -> list[str]:
    """Morphs of a list, or of a file with one a line.

    Raises:
        LearnError: the file cannot be read, or what is given is no list of texts.
    """
    if isinstance(given, str | os.PathLike):
        return [line.strip() for line in _lines(given) if line.strip()]
    if any(not isinstance(each, str) or not each for each in given):
        raise LearnError(
            f"{name} must be texts of one letter or more; {list(given)[:5]} were given"
        )
    return list(given)


def read_groups(given: GroupList) -> tuple[tuple[str, ...], ...]:
    """Groups of forms, of a list or of a file with a group in each line.

    Raises:
        LearnError: the file cannot be read, or a form is in two groups.
    """
    if isinstance(given, str | os.PathLike):
        given = [line.split() for line in _lines(given)]
    groups = tuple(tuple(dict.fromkeys(forms)) for forms in given)
    seen: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for form in group:
            if not form or form in seen:
                raise LearnError(
                    f"the form {form!r} is in two groups of allomorphs, {seen.get(form)} and "
                    f"{group}; keep it in one"
                    if form
                    else f"the group of allomorphs {group} has an empty form; leave it out"
                )
            seen[form] = group
    return groups


def _lines(path: str | os.PathLike[str]) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LearnError(f"the list of morphs {path} cannot be read: {error}") from error
