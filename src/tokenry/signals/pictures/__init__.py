"""Pictures in and out: files, zips and shards to pixels, and pixels to PNG."""

from tokenry.signals.pictures.album import Album
from tokenry.signals.pictures.picture import Picture, as_picture
from tokenry.signals.pictures.png import write_png
from tokenry.signals.pictures.sources import open_album, read_pictures

__all__ = ["Album", "Picture", "as_picture", "open_album", "read_pictures", "write_png"]
