"""A text as the mean of its tokens' rows, for AutoModel with trust_remote_code=True."""

from typing import Any

from torch import Tensor, nn
from transformers import PretrainedConfig, PreTrainedModel


class TokenRowsConfig(PretrainedConfig):  # type: ignore[misc]
    """Sizes of the table."""

    model_type = "token_rows"

    def __init__(self, vocab_size: int = 32_000, hidden_size: int = 256, **others: Any) -> None:
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(**others)


class TokenRows(PreTrainedModel):  # type: ignore[misc]
    """A row a token and nothing else."""

    config_class = TokenRowsConfig

    def __init__(self, config: TokenRowsConfig) -> None:
        super().__init__(config)
        self.embedding = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        pass

    def get_input_embeddings(self) -> nn.Embedding:
        """The table, whose weight has the shape (vocab_size, hidden_size)."""
        return self.embedding

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Means over the ids where ``attention_mask`` is 1, shape (batch, hidden_size)."""
        mask = attention_mask[..., None].to(self.embedding.weight.dtype)
        mean: Tensor = (self.embedding(input_ids) * mask).sum(1) / mask.sum(1)
        return mean
