"""Every error this product raises on purpose.

LayarError
├── BadInput            something from outside cannot be read; names what, where and what to do
│   ├── BadSettings     layar.toml or a command line option
│   ├── BadBoundaries   a boundary file
│   ├── BadObstacles    the file of buildings that stand before cameras
│   ├── BadBasemap      a file of map tiles
│   ├── BadInventory    a camera list
│   └── BadPayload      bytes sent to a feed
├── CameraLost          a camera cannot be reached, or stopped giving pictures
├── NotFound            there is no such thing
├── StoreUnavailable    the log refuses to take or give events just now
└── ArchiveUnavailable  the place of the kept stills refuses to take or give them just now

`dashboard/api.py` has the one table that turns these into HTTP statuses.
"""


class LayarError(Exception):
    """Root of all errors raised on purpose."""


class BadInput(LayarError):
    """Something from outside cannot be read.

    `field` names the offending field or line, when one can be named.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class BadSettings(BadInput):
    """A setting is unknown, missing or out of bounds."""


class BadBoundaries(BadInput):
    """A boundary file cannot be read; the present boundaries stay as they are."""


class BadObstacles(BadInput):
    """The city's `obstacles.geojson` cannot be read; mend it or take it away."""


class BadBasemap(BadInput):
    """A file of map tiles cannot be used; the basemaps added before stay as they are."""


class BadInventory(BadInput):
    """A camera list cannot be read at all (single bad lines are reported, not raised)."""


class BadPayload(BadInput):
    """Bytes sent to a feed cannot be read."""


class CameraLost(LayarError):
    """A camera cannot be reached or stopped giving pictures. The message never holds its URL.

    `fault` is a key of `cctv.faults.FAULTS`, which has the sentence for the operator.
    """

    def __init__(self, message: str, *, fault: str = "broken") -> None:
        super().__init__(message)
        self.fault = fault


class NotFound(LayarError):
    """There is no such thing."""


class StoreUnavailable(LayarError):
    """The log refuses to take or give events just now; nothing was acknowledged, though it may have been taken."""


class ArchiveUnavailable(LayarError):
    """The disk or bucket of the kept stills refuses to take or give them just now. Nothing else depends on it."""
