from __future__ import annotations

from anchorset.core.ask import Spent, Usage
from anchorset.ui.cli.made_words import spent_lines


def test_what_was_there_already_is_never_told_as_a_part_of_what_was_paid_for() -> None:
    assert spent_lines(Spent()) == []
    (paid,) = spent_lines(Spent(answers=3, usage=Usage(input=10, output=20), usd=0.5))
    assert paid.strip() == "models: 3 answers paid for; 10 tokens in, 20 out; $0.5000"
    (more,) = spent_lines(Spent(answers=1, recalled=9, usage=Usage(input=10, output=20), usd=None))
    assert more.strip() == (
        "models: 1 answer paid for; 10 tokens in, 20 out; at a price that is not known; "
        "9 questions answered from what was kept"
    )
    (kept,) = spent_lines(Spent(recalled=9))
    assert "0 answers paid for" in kept
    assert "9 questions answered from what was kept" in kept
