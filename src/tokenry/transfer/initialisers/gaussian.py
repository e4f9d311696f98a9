"""Multivariate Gaussian: new rows are drawn around the mean of the old ones, with their covariance.

Hewitt 2021, "Initializing new word embeddings for pretrained language models"; the default of
transformers' ``resize_token_embeddings`` and a baseline of Mundra et al. 2024, arXiv:2407.05841.
With a small ``scale`` it is the mean with its symmetry broken. A covariance that is not positive
definite (fewer rows than dimensions, low precision) is no special case: its roots are taken from
its eigenvectors, and negative eigenvalues are rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.errors import ModelError
from tokenry.seeds import derived
from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import dense_plan, with_noise
from tokenry.transfer.row_plan import Noise, Role, RowPlan


@dataclass(frozen=True)
class GaussianRows:
    """Drawn rows.

    Attributes:
        scale: of the covariance: 1 for rows spread as the old ones, 1e-5 as transformers has it.
    """

    scale: float = 1e-5

    def __post_init__(self) -> None:
        if self.scale < 0:
            raise ModelError(f"scale {self.scale} of a covariance; expected 0 or more")

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """The mean and a draw for each id, by the context's seed."""
        old = context.rows(role)[context.used].astype(np.float64)
        mean = old.mean(0)
        values, vectors = np.linalg.eigh(np.cov(old - mean, rowvar=False, bias=True).reshape(
            len(mean), len(mean)))  # fmt: skip
        roots = np.sqrt(np.maximum(values, 0) * self.scale)
        factor = (vectors * roots).T.astype(np.float32)
        plan = dense_plan(context, role, "gaussian", context.wanted, mean[None].astype(np.float32))
        return with_noise(plan, Noise(factor, derived(context.seed, "gaussian", role)))
