"""Street cameras: reach them, keep the newest picture of each, and say honestly how old it is."""
