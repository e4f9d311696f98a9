"""Keep the first ids: vocabularies of a learner nest."""

from __future__ import annotations

import numpy as np

from tokenry.arguments import checked
from tokenry.surgery.id_map import IdMap, Surgery
from tokenry.tokenizer import Tokenizer


@checked
def truncate(tokenizer: Tokenizer, size: int) -> Surgery:
    """The first ``size`` ids, each as it was; see `tokenry.Tokenizer.truncate`.

    Text whose ids are all below ``size`` keeps them. Truncating to a and then to b is truncating
    to b.

    Raises:
        UnsupportedError: the tokenizer is no BPE.
        VocabularyError: the size is not that of a part, or a byte would have no id.
    """
    smaller = tokenizer.truncate(size)
    ids = np.arange(len(tokenizer.vocabulary), dtype=np.int64)
    ids[size:] = -1
    return Surgery(smaller, IdMap.between(tokenizer, smaller, ids), "truncate")
