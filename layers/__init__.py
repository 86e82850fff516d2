"""What is happening: events, the situation they add up to, and the layers that draw it.

A **layer** is one part of the picture, one file in this folder, a vertical slice: its facts and things
(frozen, slotted, keyword-only dataclasses), `fold`, `draw`, its style and legend, its title in id and en,
and at the bottom `LAYER = Layer(...)` (see `layers/layer.py` for the contract). The file name is its key.
Layers never import each other; where one draws from another's things it reads them from the Situation
through a Protocol of its own.
"""
