"""What the stages made, kept at hand for the page: versions, runs, comparisons, the audit and the trust report.

Reports take seconds, so each is made once for a state of the workspace, and by one thread. What makes them is loaded
when the first is asked for: most who open the page have come to decide.
What this module does not know: HTTP, and how anything looks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from anchorset.core.hashing import short_hash
from anchorset.core.result import Comparison
from anchorset.core.trust import TrustReport
from anchorset.pipeline.ship.library import Library
from anchorset.ui.web.desk import Desk

if TYPE_CHECKING:
    from anchorset.infra.html.page import Section
    from anchorset.pipeline.trust.run_report import Seen
    from anchorset.ship.packet.packet import Packet
    from anchorset.trust.audit.report import AuditReport

T = TypeVar("T")

REMEMBERED = 12
"""Reports that are kept."""
PICTURES = 400
"""Pictures that are kept, by the hash of what they show."""


class Made:
    """Beside the desk of cases."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.workspace = desk.workspace
        self.library = Library(desk.workspace.folder)
        self._lock = Lock()
        self._working = Lock()
        self._known: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._hung: OrderedDict[str, str] = OrderedDict()

    def trust(self, ref: str | None) -> TrustReport:
        """`anchorset trust REF`; None: the newest version, or none at all."""
        from anchorset.pipeline.trust.trusting import trust_report

        return self._once(("trust", ref), lambda: trust_report(self.workspace, ref))

    def audit(self, ref: str) -> AuditReport:
        """`anchorset datasets audit REF`."""
        from anchorset.pipeline.trust.auditing import audit_cases

        return self._once(("audit", ref), lambda: audit_cases(self.workspace, self.library.dataset(ref).cases))

    def compare(self, ref: str, baseline: str, candidate: str) -> list[Comparison]:
        """`anchorset compare REF --baseline … --candidate …`: a list of one comparison."""
        from anchorset.pipeline.trust.results import compare_runs

        return self._once(
            ("compare", ref, baseline, candidate),
            lambda: compare_runs(self.workspace, ref, baseline=baseline, candidates=[candidate]),
        )

    def packet(self, ref: str, without: tuple[str, ...]) -> Packet:
        """`anchorset datasets packet REF`. `without`: buckets whose texts are not shown."""
        from anchorset.pipeline.trust.packet import collect

        return self._once(
            ("packet", ref, without), lambda: collect(self.workspace, self.library.dataset(ref), without=without)
        )

    def run(self, run: str) -> Seen:
        """A run with its rows and cases."""
        from anchorset.pipeline.trust.run_report import seen

        return self._once(("run", run), lambda: seen(self.workspace, self.library, run))

    def trust_pictures(self, ref: str | None) -> list[dict[str, Any]]:
        """What is drawn of the trust report, each picture with the name under which it is fetched."""
        from anchorset.trust.report.page import sections

        return self._hang(sections(self.trust(ref)))

    def audit_pictures(self, ref: str) -> list[dict[str, Any]]:
        from anchorset.trust.audit.page import sections

        return self._hang(sections(self.audit(ref)))

    def compare_pictures(self, ref: str, baseline: str, candidate: str) -> list[dict[str, Any]]:
        from anchorset.trust.compare.page import sections

        return self._hang(sections(self.compare(ref, baseline, candidate)[0]))

    def picture(self, name: str) -> str | None:
        """A picture that was named lately, as SVG."""
        with self._lock:
            return self._hung.get(name)

    def _hang(self, sections: Sequence[Section]) -> list[dict[str, Any]]:
        from anchorset.infra.html.picture import pictures

        named = [(short_hash(one.svg), one) for one in pictures(sections)]
        with self._lock:
            for name, one in named:
                self._hung[name] = one.svg
                self._hung.move_to_end(name)
            while len(self._hung) > PICTURES:
                self._hung.popitem(last=False)
        return [
            {"name": name, "title": one.title, "caption": one.caption, "says": one.says, "width": one.width,
             "height": one.height}
            for name, one in named
        ]  # fmt: skip

    def _once(self, name: tuple[Any, ...], work: Callable[[], T]) -> T:
        """What `work` gives, made once for the workspace as it stands now."""
        with self._working:
            key = (*name, self._state())
            if key not in self._known:
                self._known[key] = work()
            self._known.move_to_end(key)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            found: T = self._known[key]
            return found

    def _state(self) -> tuple[Any, ...]:
        """Another as soon as any mirror has moved, or a version has come."""
        self.workspace.sync()
        path = self.workspace.path
        marks = tuple(
            (name, found.st_mtime_ns, found.st_size)
            for name in self.workspace.folder.mirrors()
            for found in [(path / name).stat()]
        )
        return (marks, tuple(self.workspace.folder.versions()))
