"""anchorset: synthetic eval cases, anchored in real ones."""
