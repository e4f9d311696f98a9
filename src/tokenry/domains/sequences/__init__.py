"""Sequences of letters: DNA and proteins, in FASTA and FASTQ files."""
