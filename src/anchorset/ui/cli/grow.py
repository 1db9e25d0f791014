def grow() -> None:
    """grow."""
