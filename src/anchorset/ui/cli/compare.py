def compare() -> None:
    """compare."""
