"""The order of the queue: the page's and the command line's are one, and it spends attention where it says."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anchorset.core.case import Case
from anchorset.core.decision import Decision
from anchorset.core.filter import Filter
from anchorset.core.finding import Finding
from anchorset.core.provenance import Observed, Synthetic
from anchorset.core.said import Verdict
from anchorset.core.uncertainty import uncertainty
from anchorset.infra.db import queue
from anchorset.infra.db.open import Store
from anchorset.infra.folder.workspace_folder import Folder
from anchorset.pipeline.review.shelf import Shelf
from anchorset.pipeline.workspace import Workspace
from anchorset.review.order import HALF_WIDTH, enough

CELLS = ("a", "b", "c")
PLAN = st.lists(
    st.tuples(
        st.sampled_from(CELLS), st.sampled_from(("remix", "redteam", "seed")), st.integers(0, 3),
        st.sampled_from((None, "approve", "reject", "edit")),
    ),
    max_size=25,
)  # fmt: skip


def opened(folder: Path) -> Workspace:
    (folder / "anchorset.yaml").write_text(
        "name: shop\ndimensions: {where: {a: here, b: there, c: far}}\n", encoding="utf-8"
    )
    seconds = itertools.count()
    return Workspace(Folder(folder), Store("sqlite://", "memory"), now=lambda: f"2026-01-01T{next(seconds):08}+00:00")


def case(text: str, cell: str, technique: str = "remix", flags: int = 0) -> Case:
    metadata = {"where": cell}
    if technique == "seed":
        origin = Observed(source="production", origin="logs.csv sha256:00", original_id=text)
        return Case(kind="text", input=text, metadata=metadata, provenance=origin)
    made = Synthetic(source="synthetic", technique=technique, label="x", random_seed=7, run="r_1")  # type: ignore[arg-type]
    found = tuple(
        Finding(check=f"check.{n}", version=1, says="flag" if n < flags else "pass", score=0.1, threshold=0.9)
        for n in range(6)
    )
    return Case(kind="text", input=text, metadata=metadata, provenance=made, findings=found, status="passed")


def say(workspace: Workspace, one: Case, word: str, who: str = "kim") -> None:
    said = Decision.model_validate(
        {"decision": word, "reviewer": who, "at": workspace.now(), "reason": "other" if word == "reject" else None}
    )
    revised = one.revised(expected="edited").model_copy(update={"status": "edited", "reviews": (said,)})
    lane = "candidates" if one.bucket == "remix" or one.bucket == "redteam" else "seeds"
    row = Verdict(
        lane=lane, case=one.id, content=one.content, decision=said, revised=revised if word == "edit" else None
    )  # type: ignore[arg-type]
    workspace.append(f"reviews/{who}.jsonl", [row])


@given(PLAN, st.integers(1, 4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_page_and_the_command_line_have_one_order(
    tmp_path_factory: pytest.TempPathFactory, plan: list[tuple[str, str, int, str | None]], few: int
) -> None:
    workspace = opened(tmp_path_factory.mktemp("order"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("anchorset.pipeline.review.shelf.enough", lambda kept, rejected: kept + rejected >= few)
        cases = [case(f"text {n}", cell, kind, flags) for n, (cell, kind, flags, _) in enumerate(plan)]
        workspace.append("seeds/a.jsonl", [one for one in cases if one.bucket == "seed"])
        workspace.append("candidates/r_1.jsonl", [one for one in cases if one.bucket != "seed"])
        shelf = Shelf(workspace)
        shelf.refresh()
        for one, (_, _, _, word) in zip(cases, plan, strict=True):
            if word is not None and not (one.bucket == "seed" and word == "approve"):
                say(workspace, one, word)
        for _ in range(2):  # kept fresh, then read anew
            shelf.refresh()
            for lane in ("candidates", "redteam", "seeds"):
                skip: list[str] = []
                while True:
                    with workspace.store.reading() as connection:
                        told = queue.next_pending(
                            connection, lane=lane, enough=lambda kept, rejected: kept + rejected >= few, exclude=skip
                        )
                    found = shelf.first(lane, shelf.waiting(lane), skip=skip)
                    assert (found.id if found else None) == told
                    if told is None:
                        break
                    skip.append(told)
            shelf = Shelf(workspace)


def test_a_cell_is_sampled_until_its_survival_is_known_and_then_the_most_uncertain_comes(tmp_path: Path) -> None:
    workspace = opened(tmp_path)
    here = [case(f"here {n}", "a", flags=n % 4) for n in range(40)]
    there = [case(f"there {n}", "b", flags=3) for n in range(3)]
    workspace.append("candidates/r_1.jsonl", [*here, *there])
    shelf = Shelf(workspace)
    order = []
    for _ in range(43):
        shelf.refresh()
        found = shelf.first("candidates", shelf.waiting("candidates"))
        assert found is not None
        (one,) = workspace.cases(Filter(ids=(found.id,)))
        order.append(one)
        say(workspace, one, "approve")
    cells = [one.metadata["where"] for one in order]
    assert cells[:6] == ["a", "b", "a", "b", "a", "b"]
    first = next(n for n in range(1, 50) if enough(n, 0))
    assert first == 16
    flags = [sum(found.says == "flag" for found in one.findings) for one in order]
    assert len(set(flags[:6:2] + flags[6 : first + 3])) > 1  # a fair sample, not the flagged ones
    assert flags[first + 3 :] == sorted(flags[first + 3 :], reverse=True)


def test_attacks_are_a_lane_of_their_own(tmp_path: Path) -> None:
    workspace = opened(tmp_path)
    attack, other = case("attack", "a", "redteam"), case("other", "a")
    workspace.append("candidates/r_1.jsonl", [attack, other])
    shelf = Shelf(workspace)
    shelf.refresh()
    for lane, wanted in (("candidates", other), ("redteam", attack)):
        waits = shelf.waiting(lane)
        assert waits.sum() == 1
        found = shelf.first(lane, waits)
        assert found is not None
        assert found.id == wanted.id


def test_the_width_asked_for_is_that_of_wilson() -> None:
    assert HALF_WIDTH == 0.10
    assert not enough(0, 0)
    assert (enough(41, 7), enough(40, 7)) == (True, False)
    assert (enough(47, 46), enough(46, 46)) == (True, False)


@pytest.mark.parametrize(
    ("votes", "unsure"),
    [((), 1.0), (("not_run",), 1.0), (("pass",) * 8, 0.0), (("flag",) * 3, 0.0), (("flag", "pass"), 1.0)],
)
def test_uncertainty_is_how_far_the_votes_part(votes: tuple[str, ...], unsure: float) -> None:
    found = [Finding(check=f"c.{n}", version=1, says=says) for n, says in enumerate(votes)]  # type: ignore[arg-type]
    assert uncertainty(found) == unsure


def test_a_pass_near_its_threshold_is_half_a_word() -> None:
    def passed(score: float) -> float:
        others = [Finding(check=f"c.{n}", version=1, says="pass") for n in range(4)]
        return uncertainty([*others, Finding(check="d", version=1, says="pass", score=score, threshold=0.9)])

    assert passed(0.1) == passed(0.8) == 0
    assert passed(0.899) > passed(0.85) > 0
