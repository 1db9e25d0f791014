"""The head of a run: what it is about, and its id.

What this module does not know: how the run goes.
"""

from __future__ import annotations

from anchorset.core.hashing import short_hash
from anchorset.core.run import RunHead
from anchorset.trust.run.evaluators.catalogue import Evaluators
from anchorset.trust.run.targets.target import Target


def run_head(
    *, dataset: str, digest: str, cases: int, target: Target, evaluators: Evaluators, repeats: int, started_at: str
) -> RunHead:
    """The head. Its id hangs on what is run, never on when: the same run started again goes on where it stopped."""
    identity = [digest, target.name, target.version, evaluators.versions, repeats]
    return RunHead(
        run="q_" + short_hash(identity),
        dataset=dataset,
        digest=digest,
        target=target.name,
        version=target.version,
        family=target.family,
        evaluators=evaluators.versions,
        repeats=repeats,
        cases=cases,
        started_at=started_at,
        judges={name: one.model.model for name, one in evaluators.judges.items() if one.model},
        judge_families={name: one.family for name, one in evaluators.judges.items()},
    )
