"""Kappa and alpha."""

import numpy as np
import pytest
from crowds import alpha_coverage, kappa_coverage, true_alpha
from sklearn.metrics import cohen_kappa_score

from anchorset.core.errors import InputError
from anchorset.infra.stats.agreement import cohen_kappa, krippendorff_alpha

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, section E: four observers, twelve units.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_gives_the_published_values(level, published):
    assert krippendorff_alpha(OBSERVERS, level=level).value == pytest.approx(published, abs=5e-4)


def test_kappa_equals_scikit_learn():
    rng = np.random.default_rng(0)
    first = rng.choice(list("abc"), 80).tolist()
    second = [label if rng.random() < 0.6 else "b" for label in first]
    assert cohen_kappa(first, second).value == pytest.approx(cohen_kappa_score(first, second))


def test_kappa_error_equals_fleiss_cohen_everitt():
    """Fleiss, Cohen and Everitt (1969), equation 13, written out over the table of cells."""
    table = np.array([[22, 5, 3], [4, 17, 6], [1, 2, 20]])
    n, p = table.sum(), table / table.sum()
    row, column, expected = p.sum(axis=1), p.sum(axis=0), p.sum(axis=1) @ p.sum(axis=0)
    kappa = (np.trace(p) - expected) / (1 - expected)
    first = sum(p[i, i] * (1 - (row[i] + column[i]) * (1 - kappa)) ** 2 for i in range(3))
    second = (1 - kappa) ** 2 * sum(p[i, j] * (column[i] + row[j]) ** 2 for i in range(3) for j in range(3) if i != j)
    error = np.sqrt((first + second - (kappa - expected * (1 - kappa)) ** 2) / n) / (1 - expected)
    cells = [(i, j) for i in range(3) for j in range(3) for _ in range(table[i, j])]
    found = cohen_kappa([i for i, _ in cells], [j for _, j in cells])
    from anchorset.infra.stats.special import student_quantile

    half = (np.arctanh(found.high) - np.arctanh(found.low)) / 2
    assert found.value == pytest.approx(kappa)
    assert half == pytest.approx(student_quantile(0.975, n - 1) * error / (1 - kappa**2) * np.sqrt(n / (n - 1)))


def test_full_agreement_is_no_certainty():
    found = cohen_kappa([1, 0] * 25, [1, 0] * 25)
    assert (found.value, found.high) == (1, 1)
    assert 0.8 < found.low < 0.9
    alpha = krippendorff_alpha([[1, 0] * 25, [1, 0] * 25])
    assert alpha.value == 1
    assert alpha.low == pytest.approx(found.low, abs=0.01)


def test_one_label_throughout_is_undefined():
    assert cohen_kappa(["yes"] * 9, ["yes"] * 9).value is None
    assert krippendorff_alpha([["yes"] * 9, ["yes"] * 9]).value is None


def test_one_rater_who_never_varies_teaches_nothing():
    found = cohen_kappa([1] * 50, [1] * 40 + [0] * 10)
    assert (found.value, found.low, found.high) == (0, -1, 1)


def test_rows_that_do_not_pair_up_are_refused():
    with pytest.raises(InputError, match="one each"):
        cohen_kappa([1], [1, 0])
    with pytest.raises(InputError, match="same units"):
        krippendorff_alpha([[1, 2], [1]])
    with pytest.raises(InputError, match="rated twice"):
        krippendorff_alpha([[1, None], [None, 2]])


@pytest.mark.parametrize("clusters", [65, 150])
@pytest.mark.parametrize(("size", "likeness"), [(1, 0.0), (5, 0.3)])
def test_kappa_covers_between_93_and_97_percent(clusters, size, likeness):
    for prevalence, accuracy in ((0.5, 0.8), (0.8, 0.9)):
        found = kappa_coverage(
            prevalence=prevalence, accuracy=accuracy, clusters=clusters, size=size, likeness=likeness, times=1000
        )
        assert 92.3 <= found.percent <= 97.7, (prevalence, accuracy, found)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_alpha_covers_between_93_and_97_percent(level):
    truth = true_alpha(level=level, noise=0.5, size=1)
    found = alpha_coverage(level=level, clusters=65, size=1, noise=0.5, times=700, truth=truth)
    assert 92.2 <= found.percent <= 97.8, found
