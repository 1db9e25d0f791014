from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorset.infra.text.register import NAMES, register


def value(text: str, name: str) -> float:
    names, matrix = register([text])
    return float(matrix[0, names.index(name)])


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("where is it????", "words", 3),
        ("where is it????", "questions", 4),
        ("where is it????", "repeated_marks", 1),
        ("where is it????", "all_lower", 1),
        ("WHERE IS IT", "all_caps", 1),
        ("Where", "starts_upper", 1),
        ("Could you please help", "polite", 2),
        ("thank you", "polite", 1),
        ("could be", "polite", 0),
        ("Hello, my card", "greeting", 1),
        ("my card, hello", "greeting", 0),
        ("fix it. Best regards, Kim", "sign_off", 1),
        ("fix it", "sign_off", 0),
        ("nice 😀😀 :-)", "emoji", 3),
        ("12:30", "emoji", 0),
        ("don't I'm it’s", "contractions", 3),
        ("dont im", "apostrophes_left_out", 2),
        ("u gonna pay asap", "slang", 3),
        ("sooo slow", "repeated_letters", 1),
        ("ab12", "digits_share", 0.5),
        ("wait... what…", "ellipses", 2),
        ("One. Two. Three", "sentences", 2),
        ("ok.", "ends_punctuated", 1),
        ("mail [EMAIL_1]", "placeholders", 1),
        ("mail [EMAIL_1]", "capitals_share", 0),
        ("I want my card", "first_person", 2),
        ("", "words", 0),
    ],
)
def test_features(text: str, name: str, expected: float) -> None:
    assert value(text, name) == pytest.approx(expected)


def test_no_texts_give_an_empty_matrix_with_all_columns() -> None:
    names, matrix = register([])
    assert names == NAMES
    assert matrix.shape == (0, len(NAMES))


@given(st.lists(st.text(), max_size=4))
def test_every_text_gives_one_finite_row(texts: list[str]) -> None:
    names, matrix = register(texts)
    assert matrix.shape == (len(texts), len(names))
    assert matrix.dtype == np.float32
    assert np.isfinite(matrix).all()
    assert (matrix >= 0).all()
    shares = [names.index(name) for name in names if name.endswith("_share")]
    assert (matrix[:, shares] <= 1).all()
