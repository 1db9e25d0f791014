from __future__ import annotations

from anchorset.core.case import Case
from anchorset.core.finding import Finding, OnHit
from anchorset.infra.text.vocabulary import words
from anchorset.qualify.batch import found
from anchorset.qualify.known import Known

SIGNATURES = frozenset(
    (
        "additionally", "bolster", "certainly", "commendable", "comprehensive", "crucial", "delve", "elevate", "embark",
        "facilitate", "foster", "furthermore", "intricate", "invaluable", "landscape", "leverage", "meticulous",
        "moreover", "myriad", "noteworthy", "nuanced", "paramount", "pivotal", "realm", "robust", "seamless",
        "seamlessly", "tapestry", "testament", "underscore", "underscores", "utilize",
    )
)  # fmt: skip
"""Words that models write and customers hardly do. One that a seed in 200 holds is the users' own."""
USERS_OWN = 1 / 200
OVERUSED, AMONG, LEAST = 0.10, 0.01, 50


class CostumeSignatureWords:
    """The candidate does not speak like its generator.

    What it looks at: known signature words of language models that real users do not use, and words that over 10 % of
    what passed holds though under 1 % of the seeds do.
    Why it matters: a target that keys on the generator's words passes the eval and fails production.
    Example that fails: `I certainly understand, kindly facilitate the delivery`.
    How to fix it: rephrase it in the seeds' words. Flags only: one word proves nothing, the audit counts them all.
    """

    code = "costume.signature_words"
    version = 1
    on_hit: OnHit = "flag"

    def look_at(self, case: Case, text: str, known: Known) -> Finding:
        n_seeds, n_passed = max(1, len(known.crowd.seeds)), len(known.passed)
        worn = []
        for word in dict.fromkeys(words(text)):
            among_seeds = known.crowd.vocabulary[word] / n_seeds
            tic = word in SIGNATURES and among_seeds < USERS_OWN
            overused = n_passed >= LEAST and among_seeds < AMONG and known.words[word] > OVERUSED * n_passed
            if tic or overused:
                worn.append(word)
        return found(self, bool(worn), score=len(worn), threshold=1, evidence=", ".join(worn[:5]))
