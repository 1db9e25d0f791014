"""The page and the words: hostile text is inert, every picture has words, and little data gives a page as well."""

from __future__ import annotations

import dataclasses
import json
import re
from html.parser import HTMLParser

import pytest
from made_up import NOW, dataset, history, run, seed, synthetic, verdicts

from anchorset.core.ports import Embedder
from anchorset.core.said import Outcome
from anchorset.core.trust import TrustReport
from anchorset.trust.report.history import History
from anchorset.trust.report.page import html
from anchorset.trust.report.report import report
from anchorset.trust.report.words import WIDTH, machine, next_step, summary, title, verdict

HOSTILE = "</title></style><script>alert(1)</script><img src=x onerror=alert(1)>\u202egnp.exe\x1b[31m&amp;\"'"


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def parsed(document: str) -> Seen:
    seen = Seen()
    seen.feed(document)
    return seen


@pytest.fixture(scope="module")
def full(embedder: Embedder) -> History:
    cases = dataset(80, 2, ("mutation", "remix", "redteam"))
    runs = [
        run(cases, lambda case, at=at: 0.8 - 0.1 * at if case.bucket == "seed" else 0.6 + 0.1 * at, version=str(at),
            at=at, tools=lambda case: ["refund"] if case.bucket != "seed" else [])
        for at in (1, 2, 3)
    ]  # fmt: skip
    made = [case for case in cases if case.bucket != "seed"]
    told = Outcome(
        decision="approve", dataset="bank@1.2.0", candidate="bot@2", reviewer="kim", at=NOW, verdict="PASS",
        production="worse", reasons=("under_tested",), evidence=(cases[0].id,),
    )  # fmt: skip
    return history(embedder, cases, runs=runs, verdicts=verdicts(made, 0.75), judged=made, outcomes=[told], leaks=[])


@pytest.fixture(scope="module")
def found(full) -> TrustReport:
    return report(full)


@pytest.fixture(scope="module")
def page(found) -> str:
    return html(found)


def test_every_question_comes_first_and_every_picture_is_there(page, found):
    titles = [title(one) for one in found.questions]
    places = [page.index(one.replace(" %", "\u00a0%")) for one in titles]
    assert places == sorted(places)
    assert places[-1] < page.index("<svg")
    for section in (
        "Pass rate by bucket", "The last change", "Behaviour: the seed", "Survival of candidates", "Distance from",
        "Words over-used", "Behaviour map", "History of runs", "Outcomes of releases",
    ):  # fmt: skip
        assert section in page
    assert page.count("<svg") >= 8
    assert 'class="heat"' in page


def test_every_picture_says_in_words_what_it_shows(page):
    pictures = re.findall(r"<svg [^>]*>", page)
    assert pictures
    assert all('role="img"' in one and re.search(r'aria-label="[^"]{20,}"', one) for one in pictures)
    assert page.count("<figure>") == page.count("<figcaption>")


def test_the_page_fetches_nothing_and_runs_nothing(page):
    seen = parsed(page)
    assert not {"script", "img", "link", "iframe", "object", "form", "a"} & set(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("src", "href", "style")]
    assert "default-src 'none'" in page
    assert "nan" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL).lower().replace("finance", "")


def test_hostile_names_and_texts_stay_text(embedder):
    cases = [seed(at, metadata={"user_type": HOSTILE, "policy": HOSTILE}) for at in range(30)]
    cases += [synthetic(at, case, text=f"{HOSTILE} {case.text} {at}") for at, case in enumerate(cases)]
    cases += [synthetic(100 + at, case, "remix") for at, case in enumerate(cases[:30])]
    runs = [
        run(cases, lambda case, at=at: 0.9 - 0.3 * at, target=HOSTILE, version=f"{HOSTILE}{at}", at=at,
            tools=lambda case: [HOSTILE] if case.bucket != "seed" else [], says=lambda case: HOSTILE[:30],
            dataset=HOSTILE, evaluators=(HOSTILE,))
        for at in (1, 2)
    ]  # fmt: skip
    told = Outcome(
        decision="failed", dataset=HOSTILE, candidate=HOSTILE, reviewer=HOSTILE, at=HOSTILE, note=HOSTILE,
        reasons=("unsafe",), verdict="PASS", production="worse", evidence=(cases[0].id,),
    )  # fmt: skip
    made = [case for case in cases if case.bucket != "seed"]
    found = report(
        history(embedder, cases, runs=runs, verdicts=verdicts(made, 0.5), judged=made, outcomes=[told],
                key_terms=(HOSTILE,))
    )  # fmt: skip
    document = html(found)
    seen = parsed(document)
    assert not {"script", "img"} & set(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert "\u202e" not in document
    assert "\x1b" not in document
    assert all(line.isprintable() for line in summary(found))


def test_nothing_at_all_gives_a_page_that_says_what_to_do(embedder):
    found = report(history(embedder))
    assert [one.answer for one in found.questions] == ["unknown"] * 5
    assert all(one.todo for one in (*found.questions, *found.signals))
    document = html(found)
    assert "<svg" not in document
    assert "cannot be answered" in document
    assert summary(found)[-1].startswith("next: ")


def test_lines_are_short_and_whole(found):
    lines = summary(found)
    answers = [line for line in lines[3:] if line.startswith(("yes", "NO", "?", " "))]
    assert answers
    assert all(len(line) <= WIDTH for line in answers)
    assert not any(line.endswith("\u00a0%") or line.lstrip().startswith("%") for line in lines)


def test_the_machine_form_holds_the_five_questions_and_is_plain_json(found):
    form = json.loads(json.dumps(machine(found), allow_nan=False))
    assert [one["id"] for one in form["questions"]] == ["provenance", "together", "survival", "vocabulary", "families"]
    for one in (*form["questions"], *form["signals"]):
        assert one["answer"] in ("yes", "no", "unknown")
        assert {"id", "answer", "evidence", "todo"} <= one.keys()
    assert len({one["id"] for one in form["signals"]}) == 11
    assert "clouds" not in form["pictures"]


def test_the_headline_says_no_before_it_says_unknown(found):
    assert verdict(found).startswith("Not yet:")
    assert "together" in verdict(found)
    assert next_step(found) == next(one.todo for one in found.questions if one.answer == "no")


def test_the_same_history_gives_the_same_page(full, page):
    assert html(report(dataclasses.replace(full))) == page
