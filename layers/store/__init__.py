"""The durable log and its projections: the `Store` protocol and what implements it."""
