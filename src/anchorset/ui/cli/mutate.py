def mutate() -> None:
    """mutate."""
