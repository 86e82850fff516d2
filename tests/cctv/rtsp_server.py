"""An RTSP server with N cameras on 127.0.0.1, from a clip that is looped without encoding anything anew.

Runs under the system's Python with Debian's GStreamer RTSP server:
`/usr/bin/python3 rtsp_server.py CLIP FPS GOP COUNT [USER PASSWORD]`. Says `ready PORT`, then takes orders on
standard input: `pause 3`, `resume 3` (camera 3 goes silent in mid-stream) and ends at its end.
"""

import random
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402 — versions first, as gi wants it

AUDS = {"h264": b"\0\0\0\1\x09", "hevc": b"\0\0\0\1\x46\1"}
LAUNCH = (
    "( appsrc name=src is-live=true do-timestamp=true format=time max-bytes=4000000 block=false "
    "caps=video/x-{0},stream-format=byte-stream,alignment=au ! {0}parse "
    "! rtp{0}pay name=pay0 pt=96 config-interval=-1 mtu=1400 )"
)


class Stage:
    """What is played to whom: `active` maps each pipeline's source to [camera number, next unit]."""

    def __init__(self, units, fps, gop):
        self.units, self.fps, self.gop = units, fps, gop
        self.active, self.paused, self.lock = {}, set(), threading.Lock()

    def play(self):
        """Push one access unit a frame into every pipeline, for ever."""
        began, frame = time.monotonic(), 0
        while True:
            with self.lock:
                items = [(source, state) for source, state in self.active.items() if state[0] not in self.paused]
            for source, state in items:
                source.emit("push-buffer", Gst.Buffer.new_wrapped(self.next_unit(state)))
            frame += 1
            wait = began + frame / self.fps - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            elif wait < -1:
                began = time.monotonic() - frame / self.fps

    def next_unit(self, state):
        """A pipeline begins with a keyframe, then goes on anywhere in the loop: cameras are not in step."""
        unit = state[1]
        if unit is None:
            unit = random.randrange(len(self.units) // self.gop) * self.gop  # noqa: S311 — any
            state[1] = unit + 1 + random.randrange(max(1, self.gop - 1))  # noqa: S311
        else:
            state[1] = unit + 1
        return self.units[unit % len(self.units)]


class Factory(GstRtspServer.RTSPMediaFactory):
    """One camera: every client has a pipeline of its own, so that one that stops reading stalls no other."""

    def __init__(self, number, stage, codec):
        super().__init__()
        self.number, self.stage = number, stage
        self.set_launch(LAUNCH.format("h265" if codec == "hevc" else codec))
        self.set_shared(False)

    def do_configure(self, media):
        """Called by GStreamer for each client."""
        source = media.get_element().get_by_name_recurse_up("src")
        with self.stage.lock:
            self.stage.active[source] = [self.number, None]
        media.connect("unprepared", lambda _media: self.forget(source))

    def forget(self, source):
        """The client has gone."""
        with self.stage.lock:
            self.stage.active.pop(source, None)


def guard(server, factories, user, password):
    """Let nobody in without the password, by digest."""
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(user, password, token)
    server.set_auth(auth)
    for factory in factories:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)  # noqa: FBT003 — GStreamer's
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)  # noqa: FBT003
        factory.set_permissions(permissions)


def obey(loop, paused):
    """Take orders until whoever gives them is gone."""
    for line in sys.stdin:
        order, number = line.split()
        (paused.add if order == "pause" else paused.discard)(int(number))
    loop.quit()


def main(clip, fps, gop, count, *login):
    """Serve until standard input ends."""
    Gst.init(None)
    codec = clip.rpartition(".")[2]
    with open(clip, "rb") as file:  # noqa: PTH123 — the system's Python may be old
        units = [AUDS[codec] + unit for unit in file.read().split(AUDS[codec])[1:]]
    stage = Stage(units, float(fps), int(gop))
    server = GstRtspServer.RTSPServer()
    server.get_thread_pool().set_max_threads(4)  # one, the default, makes every DESCRIBE wait for the others
    server.set_address("127.0.0.1")
    server.set_service("0")
    factories = [Factory(number, stage, codec) for number in range(int(count))]
    for number, factory in enumerate(factories):
        server.get_mount_points().add_factory(f"/{number}", factory)
    if login:
        guard(server, factories, *login)
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=stage.play, daemon=True).start()
    threading.Thread(target=obey, args=(loop, stage.paused), daemon=True).start()
    print("ready", server.get_bound_port(), flush=True)  # noqa: T201 — how it is told
    loop.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
