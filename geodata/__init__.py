"""The ground: what does not move. Cities, boundaries, places; and the few things every room stands on."""
