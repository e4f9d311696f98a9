"""Molecules: symbols of SMILES, SELFIES and proteins, what is well-formed, columns, the domain."""
