"""The initialisers: a line each."""

from __future__ import annotations

from typing import Any, Final

from tokenry.errors import ModelError
from tokenry.registry import Entry, Registry
from tokenry.transfer.combinators import FirstOf
from tokenry.transfer.contract import RowInitialiser
from tokenry.transfer.initialisers.copied import CopiedRows
from tokenry.transfer.initialisers.mean import MeanRow
from tokenry.transfer.initialisers.subpieces import SubpieceMean

_ROOM = "tokenry.transfer.initialisers"
DEFAULT: Final = "subpieces"


def _entry(
    name: str, target: str, source: str = "", *systems: str, extra: str | None = None
) -> Entry[Any]:
    return Entry(name, f"{_ROOM}.{target}", source, systems, extra)


INITIALISERS: Final[Registry[Any]] = Registry(
    "initialiser",
    (
        _entry("copy", "copied:CopiedRows"),
        _entry("zero", "zero:ZeroRows"),
        _entry("mean", "mean:MeanRow", "Hewitt 2021"),
        _entry("gaussian", "gaussian:GaussianRows", "Hewitt 2021; Mundra et al. 2024", "S054"),
        _entry("subpieces", "subpieces:SubpieceMean",
               "Gee et al. 2022, arXiv:2402.09977; Gu et al. 2024, arXiv:2410.04335"),
        _entry("mean-first", "asymmetric:MeanInFirstOut", "Kim et al. 2024, arXiv:2402.14714"),
        _entry("last-first", "asymmetric:LastInFirstOut", "Goddard et al. 2024, arXiv:2403.13257"),
        _entry("rising", "asymmetric:RisingPieces", "Goddard et al. 2024, arXiv:2403.13257"),
        _entry("local", "token_adapt:LocalPieces", "Sharthak et al. 2025, arXiv:2505.09738",
               "S036", extra="neural"),
        _entry("global", "token_adapt:NearestPieces", "Sharthak et al. 2025, arXiv:2505.09738",
               "S036", extra="neural"),
        _entry("tokenadapt", "token_adapt:TokenAdapt", "Sharthak et al. 2025, arXiv:2505.09738",
               "S036", extra="neural"),
        _entry("neighbours", "neighbours:CommonNeighbours",
               "Goddard et al. 2024, arXiv:2403.13257"),
        _entry("focus", "focus:Focus", "Dobler & de Melo 2023, arXiv:2305.14481", extra="neural"),
        _entry("cw2v", "cw2v:ConstrainedWord2Vec", "Mundra et al. 2024, arXiv:2407.05841", "S054",
               extra="neural"),
        _entry("wechsel", "wechsel:Wechsel", "Minixhofer et al. 2022, arXiv:2112.06598", "S047",
               extra="neural"),
        _entry("trans-tokenizer", "trans_tokenizer:TransTokenizer",
               "Remy et al. 2024, arXiv:2408.04303"),
        _entry("omp", "omp:MatchingPursuit",
               "Goddard & Fernandes Neto 2025, arXiv:2506.06607", "S138"),
        _entry("least-squares", "least_squares:LeastSquaresMap",
               "Mikolov et al. 2013, arXiv:1309.4168"),
        _entry("landmark-pca", "landmark_pca:LandmarkPca", "Goddard et al. 2024, arXiv:2403.13257"),
    ),
    error=ModelError,
)  # fmt: skip


def initialiser(name: str = DEFAULT, **options: Any) -> RowInitialiser:
    """The initialiser of that name as users want it: shared rows are copied, none is left out.

    Rows that it cannot make (a piece that the corpus has not, a special) are means of sub-pieces,
    and where there are none the mean of all rows.

    Raises:
        ModelError: there is no such initialiser, or no such option of it.
    """
    made = INITIALISERS.make(name, options)
    return FirstOf((CopiedRows(), made, SubpieceMean(), MeanRow()))
