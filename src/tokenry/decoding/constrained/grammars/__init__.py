"""Context-free grammars over bytes: data, a notation, and a parser that reads byte by byte."""
