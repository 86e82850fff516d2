"""RTSP without FFmpeg where that is enough: `tap.py` keeps the keyframes of a stream and skips the rest unread."""
