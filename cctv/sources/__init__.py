"""One file, one way to reach a camera. Found by `geodata.plugins.discover("cctv.sources", "SOURCE", Source)`."""
