"""How the API says no: the same few words with every status, and what each status means.

What this module does not know: when it is said.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class Refusal(BaseModel):
    """A sentence: what was wrong, where, and the way out."""

    error: str = Field(description="Never repeats what was sent where that could be long or secret.")


WHY = {
    400: "What was asked for cannot be: a name that is not there, a word that does not fit.",
    401: "Nobody is logged in, or the token is nobody's.",
    403: "The request lacks the page's token, comes from another site, or this person may not.",
    404: "There is nothing under this name.",
    409: "Somebody else has it, or has changed it.",
    413: "The request is too large.",
    421: "The server is not called what the request calls it.",
    422: "The request is not of the form that is described here.",
    503: "The machine refused: the disk, the database, another process. Nothing was lost; try again.",
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal, "description": why} for status, why in WHY.items()
}
