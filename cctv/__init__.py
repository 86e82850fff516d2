"""Street cameras: reach them, keep the newest picture of each, and say honestly how old it is."""

import os

# OpenCV reads this once, when it is imported: a JPEG of 27 kB may declare 600 million pixels and take 3.5 GB.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", "40000000")
