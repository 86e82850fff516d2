"""One file, one dialect: pure parsers from bytes to events. Found by `discover("layers.feeds", "FEED", Feed)`."""
