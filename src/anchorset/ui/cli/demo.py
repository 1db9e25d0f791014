def demo() -> None:
    """demo."""
