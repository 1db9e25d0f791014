def dedup() -> None:
    """dedup."""
