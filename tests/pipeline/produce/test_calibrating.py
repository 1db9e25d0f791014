"""The judge held against what people decided: kept, heard when candidates are judged, and never trusted too early."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from rehearsed import answer, command, configured, judge_who_doubts, opinion, scripted, texts

from anchorset.core.config import ModelSpec
from anchorset.core.errors import UsageError
from anchorset.pipeline.produce.calibrating import calibrate_judge, calibrations_of
from anchorset.pipeline.produce.judge import judging_alone
from anchorset.pipeline.produce.requalifying import requalify
from anchorset.pipeline.workspace import open_workspace

REJECT = {"plausible.judge": {"on_hit": "reject"}}


@pytest.fixture
def ws(reviewed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(reviewed, tmp_path / "ws"))


def judged_by(ws: Path, model: str, **more: object) -> None:
    configured(ws, models={"judge": model}, checks=REJECT, **more)


def test_a_judge_that_says_what_people_said_may_reject(ws: Path) -> None:
    judged_by(ws, judge_who_doubts(ws, "kin.jsonl", texts(ws, "rejected")))
    found = answer(ws, "qualify", "--calibrate")
    plausible = found["checks"]["plausible.judge"]
    assert plausible["kappa"] == pytest.approx(1.0)
    assert plausible["may_reject"]
    assert found["decided"] == found["asked"] == 94
    shown = command(ws, "qualify", "--calibrate").out
    assert "plausible.judge" in shown
    assert "rejects" in shown


def test_what_people_never_rejected_for_is_not_shown_so_it_flags(ws: Path) -> None:
    judged_by(ws, judge_who_doubts(ws, "kin.jsonl", texts(ws, "rejected")))
    checks = answer(ws, "qualify", "--calibrate")["checks"]
    assert not checks["cell.judge"]["may_reject"]
    assert checks["cell.judge"]["unlabelled"] > 0


def test_a_calibrated_judge_rejects_when_candidates_are_judged_again_and_no_other_does(ws: Path) -> None:
    open_ = texts(ws, "passed")
    judge = judge_who_doubts(ws, "kin.jsonl", [*texts(ws, "rejected"), *open_])
    judged_by(ws, judge)
    flagged = answer(ws, "qualify")
    assert "plausible.judge" not in flagged["rejected_by"]
    assert "only flags" in command(ws, "qualify").out
    command(ws, "qualify", "--calibrate")
    again = answer(ws, "qualify")
    assert again["rejected_by"]["plausible.judge"] > 0
    assert texts(ws, "passed") != open_


def test_the_store_made_anew_knows_the_calibration_and_the_newest_counts(ws: Path) -> None:
    judge = judge_who_doubts(ws, "kin.jsonl", texts(ws, "rejected"))
    judged_by(ws, judge)
    command(ws, "qualify", "--calibrate", "--sample", "20")
    command(ws, "qualify", "--calibrate")
    (ws / ".anchorset" / "store.sqlite").unlink()
    room = open_workspace(ws)
    known = calibrations_of(room, judging_alone(ModelSpec(model=judge)))
    assert known["plausible.judge"].n > 20
    assert calibrations_of(room, judging_alone(ModelSpec(model="scripted:demo"))) == {}
    room.close()


def test_another_prompt_is_another_judge(ws: Path) -> None:
    judge = judge_who_doubts(ws, "kin.jsonl", texts(ws, "rejected"))
    judged_by(ws, judge)
    command(ws, "qualify", "--calibrate")
    room = open_workspace(ws)
    assert calibrations_of(room, judging_alone(ModelSpec(model=judge)))
    room.close()
    built_in = Path(__file__).parents[3] / "src/anchorset/qualify/judging/prompts/judge.md"
    (ws / "prompts").mkdir(exist_ok=True)
    (ws / "prompts" / "judge.md").write_text("{# mine #}" + built_in.read_text(encoding="utf-8"), encoding="utf-8")
    room = open_workspace(ws)
    assert calibrations_of(room, judging_alone(ModelSpec(model=judge))) == {}
    room.close()


def test_asked_again_nothing_is_asked_again(ws: Path) -> None:
    judged_by(ws, judge_who_doubts(ws, "kin.jsonl", texts(ws, "rejected")))
    first = answer(ws, "qualify", "--calibrate")
    scripted(ws, "kin.jsonl", [{"match": ".", "error": "auth"}])
    assert answer(ws, "qualify", "--calibrate")["checks"] == first["checks"]


def test_a_judge_that_cannot_be_asked_leaves_candidates_as_they_are_and_says_so(ws: Path) -> None:
    judged_by(ws, scripted(ws, "locked.jsonl", [{"match": ".", "error": "auth"}]))
    before = (ws / "candidates" / "requalified.jsonl").exists()
    refused = command(ws, "qualify", code=4)
    assert "still wait for the judge" in refused.err
    assert (ws / "candidates" / "requalified.jsonl").exists() == before
    judged_by(ws, scripted(ws, "locked.jsonl", [{"match": ".", "json": opinion()}]))
    assert answer(ws, "qualify")["judged"] == len(texts(ws, "passed"))


def test_without_a_judge_or_without_decisions_calibration_says_what_to_do(ws: Path) -> None:
    assert "models.judge" in command(ws, "qualify", "--calibrate", code=2).err
    judged_by(ws, "scripted:demo")
    for file in (ws / "reviews").glob("*.jsonl"):
        file.unlink()
    room = open_workspace(ws)
    with pytest.raises(UsageError, match="anchorset review"):
        calibrate_judge(room)
    room.close()


def test_nobody_agreed_so_nothing_leaves_the_machine(ws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANCHORSET_NO_MODELS")
    configured(ws, models={"judge": {"model": "openai-compatible:m", "base_url": "http://judge.example.com/v1"}})
    for words in (("qualify",), ("qualify", "--calibrate")):
        said = command(ws, *words, code=2).err
        assert "judge.example.com" in said
        assert "nobody agreed to that, so nothing was sent" in said
        assert "request" in said


def test_options_that_say_nothing_to_each_other_are_refused(ws: Path) -> None:
    assert "--calibrate" in command(ws, "qualify", "--sample", "5", code=2).err
    assert "one of the two" in command(ws, "qualify", "--all", "--calibrate", code=2).err


def test_without_a_judge_qualify_is_what_it_was(ws: Path) -> None:
    room = open_workspace(ws)
    requalify(room)
    done = requalify(room)
    assert (done.changed, done.stopped, done.spent.answers) == (0, None, 0)
    room.close()
    assert not list(ws.glob("reviews/calibrations.jsonl"))
    assert json.loads((ws / "reviews" / "kim.jsonl").read_text().splitlines()[0])["says"] == "verdict"
