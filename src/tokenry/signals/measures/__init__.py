"""What a codec's pictures and codes are worth: a family of measures a file.

Nothing is downloaded. Where a famous measure needs a network from elsewhere, a network trained here
takes its place, and the measure has a name of its own: FD-local, LP-local.
"""
