from __future__ import annotations

from talk_of_a_bank import made, mapped, real, said

NAMES = {"card": "", "loan": "", "travel": ""}


def of(found, code: str) -> dict[str, str]:
    """Where -> message, of the gaps of one code."""
    return {gap.where: gap.message for gap in found.gaps if gap.code == code}


def seeds(n: int, subject: str = "card") -> list:
    return [real(text, subject=subject) for text in said(subject, n)]


def test_an_empty_and_a_thin_cell_are_named_and_a_fifth_group_is_enough(embedder) -> None:
    found = mapped([*seeds(4), *seeds(5, "loan")], embedder, {"subject": NAMES})
    assert of(found, "cell_empty") == {"subject=travel": "subject=travel has no seed"}
    assert of(found, "cell_thin") == {
        "subject=card": "subject=card has 4 groups of seeds; under 5 they show no spread"
    }  # fmt: skip


def test_a_cell_is_thin_by_its_groups_not_by_its_seeds(embedder) -> None:
    many = seeds(20)
    found = mapped(many, embedder, {"subject": NAMES}, groups={seed.id: "g_1" for seed in many})
    assert of(found, "cell_thin")["subject=card"].startswith("subject=card has 1 group of seeds")


def test_ten_candidates_a_group_are_borne_and_the_next_one_saturates_the_cell(embedder) -> None:
    there = seeds(5)
    candidates = [made(f"say {n}", there[n % 5], subject="card") for n in range(51)]
    assert not of(mapped(there, embedder, {"subject": NAMES}, candidates=candidates[:50]), "cell_saturated")
    said = of(mapped(there, embedder, {"subject": NAMES}, candidates=candidates), "cell_saturated")
    assert said["subject=card"].startswith("subject=card has 51 candidates from 5 groups of seeds, 10 of each")


def test_other_cases_in_an_empty_cell_are_counted_aloud(embedder) -> None:
    golden = [real("x", source="golden", subject="loan")]
    found = mapped(seeds(5), embedder, {"subject": NAMES}, others=golden, candidates=[made("y", subject="loan")])
    assert of(found, "cell_empty")["subject=loan"] == (
        "subject=loan has no seed; 1 other real and 1 synthetic case stand there"
    )  # fmt: skip


def test_a_word_that_the_configuration_does_not_know_is_named_with_what_was_meant(embedder) -> None:
    strange = [real("a", subject="lone"), real("b", subject="lone"), real("c", subject="zzz")]
    found = mapped([*seeds(5), *strange], embedder, {"subject": NAMES})
    assert of(found, "value_unknown") == {
        "subject=lone": "2 seeds have subject 'lone', which the configuration does not know",
        "subject=zzz": "1 seed has subject 'zzz', which the configuration does not know",
    }
    todo = {gap.where: gap.todo for gap in found.gaps if gap.code == "value_unknown"}
    assert "did you mean 'loan'?" in todo["subject=lone"]
    assert "known: card, loan, travel" in todo["subject=zzz"]


def test_a_hundred_unknown_words_are_twenty_sentences_and_one_more_and_no_list_of_all_values(embedder) -> None:
    axis = {f"value{n}": "" for n in range(40)}
    found = mapped([real(f"text {n}", subject=f"#{n}") for n in range(100)], embedder, {"subject": axis})
    said = of(found, "value_unknown")
    assert len(said) == 21
    assert said["subject"].startswith("80 more values of subject in 80 seeds")
    assert all(len(gap.todo) < 200 for gap in found.gaps if gap.code == "value_unknown")


def test_a_true_or_a_number_in_the_metadata_is_the_word_of_the_configuration(embedder) -> None:
    there = [real("a", vip=True), real("b", vip=False), real("c", vip=3)]
    found = mapped(there, embedder, {"vip": {"true": "", "false": "", "3": ""}})
    assert [found.home[seed.id].cell for seed in there] == ["vip=true", "vip=false", "vip=3"]
    assert not of(found, "value_unknown")


def test_a_behaviour_is_unserved_only_once_something_was_made(embedder) -> None:
    there = [seed for name in NAMES for seed in seeds(30, name)]
    assert not of(mapped(there, embedder, {"subject": NAMES}), "behaviour_unserved")
    found = mapped(there, embedder, {"subject": NAMES}, candidates=[made("x", there[0], subject="card")])
    served = found.behaviour_of[there[0].id]
    fine = {one.id for one in found.behaviours if one.granularity == "granular"}
    assert set(of(found, "behaviour_unserved")) == fine - {served}


def test_a_map_without_a_fault_has_no_gap(embedder) -> None:
    found = mapped([seed for name in NAMES for seed in seeds(30, name)], embedder, {"subject": NAMES})
    assert [gap.code for gap in found.gaps if gap.code != "behaviour_rare"] == []
