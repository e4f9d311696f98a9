"""Races of tokenry against named peers: `python -m benchmarks [races] [--quick] [--data DIR]`.

Rules of every race: the rivals come from their packages at stated versions; ids are checked equal
before a time counts; the engines of a race run interleaved in one process; time is CPU time; each
engine gives the fastest array output it has; medians are printed with their spread.
"""
