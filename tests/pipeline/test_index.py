"""The store is an index: whatever was said in whatever order, it holds what it would hold when made anew."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from anchorset.core.case import Case
from anchorset.core.decision import Decision
from anchorset.core.filter import Filter
from anchorset.core.provenance import Observed, Synthetic
from anchorset.core.said import ProductionRun, Quarantine, Refresh, Tag, Verdict
from anchorset.infra.db import cases as case_rows
from anchorset.infra.db import queue, schema
from anchorset.infra.db.open import Store
from anchorset.infra.folder.workspace_folder import Folder
from anchorset.pipeline.indexing import PRODUCTION, REQUALIFIED
from anchorset.pipeline.workspace import Workspace
from anchorset.review.order import enough

CONFIG = "name: shop\ndimensions:\n  policy: {delay: parcel late, remorse: changed their mind}\n"
RUNS = ("r_b", "r_a", "r_c")
PEOPLE = ("zoe", "kim")
TEXTS = range(3)


class Scene:
    """A workspace in which things are said, one a second."""

    def __init__(self, folder: Path, store: Store) -> None:
        (folder / "anchorset.yaml").write_text(CONFIG, encoding="utf-8")
        self.workspace = Workspace(Folder(folder), store)
        self._seconds = itertools.count()

    def now(self) -> str:
        return (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(self._seconds))).isoformat()

    def seed(self, text: int, policy: str | None = None) -> Case:
        case = seed(text, policy)
        self.workspace.append("seeds/seed-logs.jsonl", [case])
        return case

    def candidate(self, run: str, text: int, status: str = "passed") -> Case:
        self.begin(run)
        case = candidate(run, text, status)
        self.workspace.append(f"candidates/{run}.jsonl", [case])
        return case

    def begin(self, run: str) -> None:
        row = ProductionRun(run=run, state="begun", at=self.now(), target=1)
        self.workspace.append(PRODUCTION, [row])

    def requalify(self, run: str, text: int, status: str) -> None:
        there = self.workspace.cases(Filter(run=run, counting=True))
        mine = [case for case in there if case.input == candidate(run, text).input and not case.reviews]
        self.workspace.append(REQUALIFIED, [case.model_copy(update={"status": status}) for case in mine])

    def decide(self, case: Case, word: str, person: str) -> None:
        said = Decision(
            decision=word, reviewer=person, at=self.now(), reason="unrealistic" if word == "reject" else None
        )
        revised = None
        if word == "edit":
            revised = case.revised(expected="edited").model_copy(update={"status": "edited", "reviews": (said,)})
        row = Verdict(lane="candidates", case=case.id, content=case.content, decision=said, revised=revised)
        self.workspace.append(f"reviews/{person}.jsonl", [row])

    def tag(self, case: Case, policy: str | None, person: str) -> None:
        row = Tag(case=case.id, metadata={"policy": policy}, reviewer=person, at=self.now())
        self.workspace.append(f"reviews/{person}.jsonl", [row])

    def quarantine(self, run: str, person: str, *, lifted: bool = False) -> None:
        row = Quarantine(run=run, lifted=lifted, why="wrong prompt", reviewer=person, at=self.now())
        self.workspace.append(f"reviews/{person}.jsonl", [row])

    def refresh(self, case: Case, runs: tuple[str, ...]) -> None:
        row = Refresh(stale={case.id: "context has changed"}, runs=runs, at=self.now())
        self.workspace.append("reviews/refresh.jsonl", [row])

    def holds(self) -> list[dict[str, object]]:
        """What the store says of every case, in an order of its own."""
        with self.workspace.store.reading() as connection:
            rows = [dict(row) for row in connection.execute(select(schema.cases)).mappings()]
            for row in rows:
                del row["seq"]
            lanes = ("candidates", "seeds", "redteam")
            waits = [queue.next_pending(connection, lane=lane, enough=enough) for lane in lanes]
        standing = sorted(case.line() for case in self.workspace.cases(Filter()))
        return [*sorted(rows, key=lambda row: str(row["key"])), {"next": waits, "standing": standing}]


def seed(text: int, policy: str | None = None) -> Case:
    origin = Observed(source="production", origin="logs.csv sha256:00", original_id=str(text))
    return Case(
        kind="text", input=f"where is parcel {text}", metadata={"policy": policy} if policy else {}, provenance=origin
    )


def candidate(run: str, text: int, status: str = "passed") -> Case:
    origin = Synthetic(source="synthetic", technique="remix", label="synth-remix-all", random_seed=7, run=run)
    return Case(
        kind="text", input=f"my parcel number {text} is late", expected="track", metadata={"policy": "delay"},
        provenance=origin, status=status,
    )  # fmt: skip


runs, texts, people = st.sampled_from(RUNS), st.sampled_from(TEXTS), st.sampled_from(PEOPLE)
statuses, policies = st.sampled_from(["passed", "rejected"]), st.sampled_from(["delay", "remorse", None])
words = st.sampled_from(["approve", "edit", "reject"])
Step = Callable[[Scene], object]


def step(said: Callable[..., object]) -> Callable[..., Step]:
    return lambda *given: lambda scene: said(scene, *given)


STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(step(Scene.seed), texts, policies),
    st.builds(step(Scene.candidate), runs, texts, statuses),
    st.builds(step(Scene.candidate), runs, texts, statuses),
    st.builds(step(Scene.requalify), runs, texts, statuses),
    st.builds(step(lambda scene, n, word, who: scene.decide(candidate("r_a", n), word, who)), texts, words, people),
    st.builds(step(lambda scene, n, policy, who: scene.tag(candidate("r_a", n), policy, who)), texts, policies, people),
    st.builds(step(lambda scene, run, who, up: scene.quarantine(run, who, lifted=up)), runs, people, st.booleans()),
    st.builds(step(lambda scene, n, run: scene.refresh(candidate("r_a", n), (run,))), texts, runs),
)


@given(steps=st.lists(STEPS, min_size=2, max_size=8))
@settings(max_examples=30)
def test_the_store_holds_what_it_would_hold_when_made_anew(
    tmp_path_factory: pytest.TempPathFactory, new_store: Callable[[], Store], steps: list[Step]
) -> None:
    scene = Scene(tmp_path_factory.mktemp("scene"), new_store())
    for one in steps:
        one(scene)
    before = scene.holds()
    scene.workspace.rebuild()
    assert scene.holds() == before
    scene.workspace.close()


@pytest.fixture
def scene(tmp_path: Path, new_store: Callable[[], Store]):
    made = Scene(tmp_path, new_store())
    yield made
    made.workspace.close()


def alike_when_made_anew(scene: Scene) -> None:
    before = scene.holds()
    scene.workspace.rebuild()
    assert scene.holds() == before


def counting(scene: Scene) -> list[tuple[object, str]]:
    return [(case.expected, case.status) for case in scene.workspace.cases(Filter(counting=True))]


def test_a_quarantine_that_is_lifted_leaves_what_is_stale_put_aside(scene: Scene) -> None:
    made = scene.candidate("r_a", 1)
    scene.refresh(made, ("r_a",))
    scene.quarantine("r_a", "kim")
    scene.quarantine("r_a", "kim", lifted=True)
    assert counting(scene) == []
    alike_when_made_anew(scene)


def test_what_a_quarantined_run_goes_on_to_make_is_quarantined_too(scene: Scene) -> None:
    scene.candidate("r_a", 1)
    scene.quarantine("r_a", "kim")
    scene.candidate("r_a", 2)
    assert counting(scene) == []
    alike_when_made_anew(scene)


def test_the_same_text_made_again_keeps_what_people_decided(scene: Scene) -> None:
    scene.decide(scene.candidate("r_a", 1), "reject", "kim")
    scene.candidate("r_b", 1)
    assert counting(scene) == [("track", "rejected")] * 2
    alike_when_made_anew(scene)


def test_what_was_judged_again_stands_however_often_it_is_made(scene: Scene) -> None:
    scene.candidate("r_a", 0, "passed")
    scene.requalify("r_a", 0, "rejected")
    scene.candidate("r_a", 0, "passed")
    assert [case.status for case in scene.workspace.cases(Filter(run="r_a"))] == ["rejected"]


def test_an_edit_stands_in_place_of_the_case_until_it_is_taken_back(scene: Scene) -> None:
    made = scene.candidate("r_a", 1)
    scene.decide(made, "edit", "kim")
    assert counting(scene) == [("edited", "edited")]
    scene.decide(made, "approve", "kim")
    assert counting(scene) == [("track", "approved")]
    alike_when_made_anew(scene)


def test_an_edit_of_the_labels_alone_leaves_one_case(scene: Scene) -> None:
    made = scene.candidate("r_a", 1)
    said = Decision(decision="edit", reviewer="kim", at=scene.now())
    moved = made.revised(metadata={"policy": "remorse"}).model_copy(update={"status": "edited", "reviews": (said,)})
    row = Verdict(lane="candidates", case=made.id, content=made.content, decision=said, revised=moved)
    scene.workspace.append("reviews/kim.jsonl", [row])
    (only,) = scene.workspace.cases(Filter(counting=True))
    assert only.metadata == {"policy": "remorse"}
    alike_when_made_anew(scene)


def test_reviewers_who_disagree_leave_a_seed_where_it_waits(scene: Scene) -> None:
    there = scene.seed(1)
    scene.decide(there, "approve", "kim")
    scene.decide(there, "reject", "zoe")
    (only,) = scene.workspace.cases(Filter(counting=True))
    assert only.status == "pending"


def test_judging_a_tagged_case_again_makes_no_second_one(scene: Scene) -> None:
    scene.tag(scene.candidate("r_a", 1), "remorse", "kim")
    with scene.workspace.store.reading() as connection:
        ((stands, came),) = case_rows.recorded(connection, Filter())
        assert case_rows.recorded_metadata(connection) == {(came.content, "r_a"): {"policy": "delay"}}
    assert (stands.metadata, came.metadata) == ({"policy": "remorse"}, {"policy": "delay"})
    alike_when_made_anew(scene)


def test_other_axes_put_cases_into_other_cells_at_the_next_opening(scene: Scene) -> None:
    scene.candidate("r_a", 1)
    folder = scene.workspace.path
    (folder / "anchorset.yaml").write_text("name: shop\n", encoding="utf-8")
    again = Workspace(Folder(folder), scene.workspace.store)
    again.sync()
    with again.store.reading() as connection:
        assert case_rows.counts(connection, Filter(), ["cell"]) == {("all",): 1}


def test_runs_keep_the_order_in_which_they_began_whatever_their_names(scene: Scene) -> None:
    for run in RUNS:
        scene.candidate(run, 1)
    scene.workspace.rebuild()
    there = scene.workspace.cases(Filter(), order="seq")
    assert [case.provenance.run for case in there if isinstance(case.provenance, Synthetic)] == list(RUNS)
