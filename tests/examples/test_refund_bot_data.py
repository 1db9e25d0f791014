import re
from collections import Counter
from datetime import datetime
from typing import get_args

import pytest

from anchorset.examples.refund_bot.bots import Action
from anchorset.examples.refund_bot.naive import EXPECTED, REASONS, naive_rows
from anchorset.examples.refund_bot.seeds import Row, seed_rows, seeds_path

CELLS = {
    (user, policy)
    for user in ("new_customer", "power_user", "enterprise_buyer", "angry_escalator")
    for policy in ("delay", "damaged", "wrong_item", "remorse", "outside_window")
}
RESERVED = re.compile(r"(^|\.)(example\.(com|org|net)|example|test|invalid)$")
TEST_CARD = "4111111111111111"


def share_saying_refund(rows: list[Row]) -> float:
    return sum("refund" in row["text"].lower() for row in rows) / len(rows)


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def group_count(texts: list[str], alike: float) -> int:
    """Connected groups of texts whose word sets overlap (Jaccard) by at least `alike`."""
    sets = [words(text) for text in texts]
    group = list(range(len(texts)))
    for i, first in enumerate(sets):
        for j in range(i):
            if group[i] != group[j] and len(first & sets[j]) >= alike * len(first | sets[j]):
                group = [group[j] if g == group[i] else g for g in group]
    return len(set(group))


def test_seed_has_150_messages_in_110_groups_of_different_words():
    texts = [row["text"] for row in seed_rows()]
    assert len(texts) >= 150
    assert group_count(texts, alike=0.4) >= 110


def test_naive_set_collapses_into_few_groups_once_its_numbers_are_blanked():
    texts = [re.sub(r"\d+", "", row["text"]) for row in naive_rows()]
    assert len(texts) == 200
    assert group_count(texts, alike=0.4) < 30


def test_refund_stands_in_a_quarter_of_the_seed_and_in_nearly_all_of_the_naive_set():
    assert 0.15 < share_saying_refund(seed_rows()) < 0.35
    assert share_saying_refund(naive_rows()) > 0.95


@pytest.mark.parametrize("rows", [seed_rows(), naive_rows()], ids=["seed", "naive"])
def test_every_cell_of_the_grid_holds_at_least_three_rows_and_nothing_lies_outside(rows):
    counts = Counter((row["user_type"], row["policy"]) for row in rows)
    assert counts.keys() == CELLS
    assert min(counts.values()) >= 3


@pytest.mark.parametrize("rows", [seed_rows(), naive_rows()], ids=["seed", "naive"])
def test_ids_are_unique_texts_are_not_blank_and_fallback_is_never_expected(rows):
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(row["text"].strip() for row in rows)
    assert {row["expected"] for row in rows} <= set(get_args(Action)) - {"fallback"}


def test_seed_rows_stand_in_order_of_their_moments_which_carry_a_zone():
    moments = [datetime.fromisoformat(row["at"]) for row in seed_rows()]
    assert moments == sorted(moments)
    assert all(moment.tzinfo is not None for moment in moments)


def test_seed_labels_follow_the_policy_of_their_situation():
    allowed = {policy: {action} for policy, action in EXPECTED.items()} | {"delay": {"approve", "track", "ask"}}
    strays = [row for row in seed_rows() if row["expected"] not in allowed[row["policy"]]]
    assert not strays


def test_some_messages_are_said_more_than_once_so_that_folding_shows():
    repeated = [text for text, n in Counter(row["text"] for row in seed_rows()).items() if n > 1]
    assert len(repeated) >= 3


def test_personal_data_in_the_seed_is_there_and_is_reserved_for_examples():
    everything = "\n".join(row["text"] for row in seed_rows())
    domains = re.findall(r"[\w.+-]+@([\w.-]+\w)", everything)
    assert domains
    assert all(RESERVED.search(domain) for domain in domains)

    long_numbers = {re.sub(r"\D", "", found) for found in re.findall(r"\d[\d ().-]{6,}\d", everything)}
    assert TEST_CARD in long_numbers
    assert all(number[-7:-2] == "55501" for number in long_numbers - {TEST_CARD})
    assert "http" not in everything


def test_naive_rows_are_the_same_on_every_call_and_ten_a_cell():
    assert naive_rows() == naive_rows()
    assert all(len(reasons) == 10 for reasons in REASONS.values())


def test_seeds_path_names_a_file_beside_the_module():
    assert seeds_path().is_file()
    assert len(seeds_path().read_text(encoding="utf-8").splitlines()) == len(seed_rows())


def test_readme_says_whose_words_these_are():
    readme = seeds_path().with_name("README.md").read_text(encoding="utf-8")
    assert "no customer's words" in " ".join(readme.split())
