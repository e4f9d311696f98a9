"""Causal models read byte by byte, exactly.

`ByteModel` is the class to use. What stands behind it: `tokenry.decoding.canonical` says which ids
can follow which in what `encode` gives, `covers` sums over the sequences of ids that write a
prefix, `lanes` asks the model about many prefixes at once.
"""

from tokenry.decoding.bytewise.beam import Beam
from tokenry.decoding.bytewise.byte_model import ByteModel
from tokenry.decoding.bytewise.ensembles import Ensemble, GeometricMean, Mean, ProxyTuned
from tokenry.decoding.bytewise.infilling import FillFormat, Infilling
from tokenry.decoding.bytewise.lanes import Lanes
from tokenry.decoding.bytewise.source import ByteSource
from tokenry.decoding.drawing import Drawing

__all__ = [
    "Beam",
    "ByteModel",
    "ByteSource",
    "Drawing",
    "Ensemble",
    "FillFormat",
    "GeometricMean",
    "Infilling",
    "Lanes",
    "Mean",
    "ProxyTuned",
]
