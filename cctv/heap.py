"""Keep a process of many camera threads small."""

import ctypes
import sys

_M_ARENA_MAX = -8
_ARENAS = 2


def keep_heap_small() -> None:
    """To be called before the first thread: glibc would keep a heap for each thread, and give nothing back.

    As many as pictures are decoded at once are enough. Mapping each picture by itself would keep less, but costs
    a tenth more CPU in page faults.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
