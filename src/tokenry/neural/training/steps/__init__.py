"""Slot: what is learnt from a batch (`tokenry.neural.training.step.TrainingStep`)."""
