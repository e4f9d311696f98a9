"""Training and evaluation data: documents from files, folders, globs and iterables."""

from tokenry.corpus.corpus import Corpus, CorpusLike, as_corpus
from tokenry.corpus.documents import Document
from tokenry.corpus.holdout import held_out
from tokenry.corpus.options import ReadOptions

__all__ = ["Corpus", "CorpusLike", "Document", "ReadOptions", "as_corpus", "held_out"]
