"""Timings, never asserted: `make bench DATA=folder`. What is beside a peer is a ratio within one run."""
