def audit() -> None:
    """audit."""
