def convert() -> None:
    """convert."""
