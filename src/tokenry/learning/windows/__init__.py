"""Arithmetic coding of windows under a small model of the next byte."""
