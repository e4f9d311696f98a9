"""Silero's detector of speech at 16 kHz, for transformers' AutoModel with trust_remote_code=True.

A window of 512 samples, with the 64 before it, goes through a Fourier transform written as a
convolution, four convolutions, and an LSTM that remembers from window to window.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import PretrainedConfig, PreTrainedModel


class SileroVadConfig(PretrainedConfig):  # type: ignore[misc]
    """Sizes, in samples."""

    model_type = "silero_vad"

    def __init__(
        self, sampling_rate: int = 16_000, window: int = 512, context: int = 64, **others: Any
    ) -> None:
        self.sampling_rate = sampling_rate
        self.window = window
        self.context = context
        super().__init__(**others)


class SileroVad(PreTrainedModel):  # type: ignore[misc]
    """How likely each window of sound is speech."""

    config_class = SileroVadConfig
    main_input_name = "input_values"

    def __init__(self, config: SileroVadConfig) -> None:
        super().__init__(config)
        self.stft_conv = nn.Conv1d(1, 258, 256, stride=128, bias=False)
        self.conv1 = nn.Conv1d(129, 128, 3, padding=1)
        self.conv2 = nn.Conv1d(128, 64, 3, stride=2, padding=1)
        self.conv3 = nn.Conv1d(64, 64, 3, stride=2, padding=1)
        self.conv4 = nn.Conv1d(64, 128, 3, padding=1)
        self.lstm_cell = nn.LSTMCell(128, 128)
        self.final_conv = nn.Conv1d(128, 1, 1)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        pass

    def forward(self, input_values: Tensor) -> Tensor:
        """Probabilities, shape (batch, windows), of samples from -1 to 1, shape (batch, length).

        The last window is filled up with silence.
        """
        window, context = self.config.window, self.config.context
        sound = functional.pad(input_values, (context, -input_values.shape[1] % window))
        frames = sound.unfold(1, context + window, window)
        features = self.features(frames.flatten(0, 1)).view(*frames.shape[:2], -1)
        state, hidden = None, []
        for at in range(frames.shape[1]):
            state = self.lstm_cell(features[:, at], state)
            hidden.append(state[0])
        speech: Tensor = self.final_conv(torch.stack(hidden, -1).relu()).sigmoid()
        return speech.squeeze(1)

    def features(self, frames: Tensor) -> Tensor:
        """Of frames, shape (n, context + window): shape (n, 128)."""
        x = functional.pad(frames, (0, 64), mode="reflect")
        real, imaginary = self.stft_conv(x[:, None]).chunk(2, dim=1)
        x = (real**2 + imaginary**2).sqrt()
        for layer in (self.conv1, self.conv2, self.conv3, self.conv4):
            x = layer(x).relu()
        found: Tensor = x.squeeze(-1)
        return found
