"""A simulated city that talks to a real wall through the doors a real city would use; all of it marked SIMULASI.

Pure: `streets`, `calls`, `units`, `cast` and the drawing of the cameras (`lens`, `light`, `scene`, `backdrop`,
`river`, `traffic`, `frame`). At the edge: `sender`, `camera_server`, `run`.
"""
