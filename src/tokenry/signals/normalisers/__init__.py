"""Ways of bringing values into a range and back: a normaliser a file.

What the way back needs of each signal stands beside the values and is counted in bits.
"""
