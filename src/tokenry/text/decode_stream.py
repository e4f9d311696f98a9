"""Ids to text as they come, for servers: no character before it is complete, none twice."""

from __future__ import annotations

import codecs
import operator
from collections.abc import Iterable, Sequence

from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.text.piece_streams import PlainPieces
from tokenry.text.pipeline import Pipeline


class DecodeStream:
    """Text of ids that come one by one; made by `tokenry.Tokenizer.decode_stream`.

    All that `push` and `finish` give, joined, is ``decode`` of all ids. Text is held back only
    while more ids can change it: bytes of an unfinished character, a run of fallback bytes, which
    is no text as a whole where a part of it is none.

    Args:
        pipeline: that of the tokenizer.
        prompt_ids: ids that come before; what they settle is not given out.
        errors: what becomes of bytes that are not UTF-8.
        skip_special_tokens: specials stand for nothing.

    Raises:
        VocabularyError: an id of the prompt is unknown.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        prompt_ids: Iterable[int] = (),
        *,
        errors: str = "replace",
        skip_special_tokens: bool = False,
    ) -> None:
        self._pieces = pipeline.vocabulary.pieces
        self._roles = pipeline.vocabulary.roles
        self._silent = pipeline.special_ids() if skip_special_tokens else frozenset[int]()
        decoder = pipeline.decoder
        self._stream = PlainPieces() if decoder is None else decoder.stream()
        if errors == "replace" and decoder is not None:
            errors = decoder.replacing
        self._text = codecs.getincrementaldecoder("utf-8")(errors)
        self._finished = False
        for id_ in prompt_ids:
            self.push(id_)

    def push(self, id_: int) -> str:
        """The text that one more id settles, which may be empty.

        Raises:
            VocabularyError: the vocabulary has no such id, or it stands for nothing; the stream
                goes on as if it had not come.
            UnsupportedError: the stream was finished.
        """
        if self._finished:
            raise UnsupportedError("this stream was finished; make another for more ids")
        known = operator.index(id_)
        piece = self._piece(known)
        if known in self._silent:
            return ""
        return self._text.decode(self._stream.push(piece, known))

    def push_many(self, ids: Sequence[int]) -> str:
        """`push` for each of some ids; where one is unknown, none of them counts."""
        known = [operator.index(id_) for id_ in ids]
        for id_ in known:
            self._piece(id_)
        return "".join(map(self.push, known))

    def finish(self) -> str:
        """The text that was held back; afterwards the stream takes no more."""
        if self._finished:
            return ""
        self._finished = True
        return self._text.decode(self._stream.finish(), True)

    def _piece(self, id_: int) -> bytes:
        piece = self._pieces[id_] if 0 <= id_ < len(self._pieces) else None
        if piece is None and id_ not in self._roles:
            raise VocabularyError(
                f"id {id_} stands for nothing in this vocabulary of {len(self._pieces)} ids; the "
                "stream goes on without it"
            )
        return piece or b""
