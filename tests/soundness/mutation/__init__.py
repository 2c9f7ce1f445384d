"""Mutation of certificates: one thing of a good certificate changed at a time, and what must then become of it. See tests/mutate."""
