"""Binaries, and the sections of executables."""
