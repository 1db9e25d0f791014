"""The JSON API: everything that the page does. Bodies are checked, the rest is the desks'.

One module a part; each has a `router`, and they stand together here.
What this module does not know: who may come in, and how anything looks.
"""

from __future__ import annotations

from fastapi import APIRouter

from anchorset.ui.web.api import answers, cases, datasets, groups, outcomes, people, queue, runs
from anchorset.ui.web.api.refusals import REFUSALS

router = APIRouter(prefix="/api", responses=REFUSALS)
for part in (queue, cases, groups, answers, datasets, runs, outcomes, people):
    router.include_router(part.router)
