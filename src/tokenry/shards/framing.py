"""What stands around each document: a special before it, one behind it, and one that fills rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ShardError
from tokenry.shards.options import ShardOptions
from tokenry.shards.transforms.contract import EncodedDocuments
from tokenry.tokenizer import Tokenizer

USUAL_END: Final = "<|endoftext|>"


@dataclass(frozen=True, slots=True)
class Frame:
    """Ids before and behind each document (None for none), and the id of padding."""

    begin: int | None
    end: int | None
    pad: int

    def around(
        self, documents: EncodedDocuments, dtype: str = "uint32"
    ) -> tuple[NDArray[Any], NDArray[np.int64], Mapping[str, NDArray[Any]]]:
        """Ids in a type, ends and channels with the frame; a channel has 0 at begin, 1 at end."""
        added = [id_ is not None for id_ in (self.begin, self.end)]
        ends = documents.ends + np.arange(1, len(documents.ids) + 1) * sum(added)
        own = np.ones(len(documents.ids.ids) + len(ends) * sum(added), bool)
        begins = np.concatenate([np.zeros(1, np.int64), ends[:-1]])[: len(ends)]
        places = [each for each, there in zip((begins, ends - 1), added, strict=True) if there]
        for each in places:
            own[each] = False

        def framed(values: NDArray[Any], around: list[int], kind: Any) -> NDArray[Any]:
            found = np.empty(len(own), kind)
            found[own] = values
            for place, value in zip(places, around, strict=True):
                found[place] = value
            return found

        marks = [id_ for id_ in (self.begin, self.end) if id_ is not None]
        flags = [value for value, there in zip((0, 1), added, strict=True) if there]
        channels = {n: framed(each, flags, each.dtype) for n, each in documents.channels.items()}
        return framed(documents.ids.ids, marks, dtype), ends, channels


def frame_of(tokenizer: Tokenizer, options: ShardOptions) -> Frame:
    """What the options ask for.

    Raises:
        ShardError: the tokenizer has no such special.
    """
    config, specials = tokenizer.pipeline.config, tokenizer.pipeline.specials()
    end = options.end
    if end == "auto":
        end = next((each for each in (config.eos, USUAL_END) if each in specials), None)
    begin_id, end_id = (_id(each, specials) for each in (options.begin, end))
    pad_id = _id(options.pad or (config.pad if config.pad in specials else None), specials)
    return Frame(begin_id, end_id, next((i for i in (pad_id, end_id) if i is not None), 0))


def _id(name: str | None, specials: Mapping[str, int]) -> int | None:
    if name is None:
        return None
    if name not in specials:
        shown = ", ".join(sorted(specials)[:8]) or "none"
        raise ShardError(f"{name!r} is no special of the tokenizer; it has {shown}")
    return specials[name]
