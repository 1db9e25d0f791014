"""Comparisons as JUnit XML, for the test tab of any CI: one suite a candidate, one testcase a reason and a bucket.

BLOCK is a failure, INCONCLUSIVE is skipped with its message. Valid in the schema Jenkins and GitLab read.
What this module does not know: the verdict's rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from anchorset.core.result import BucketDelta, Comparison, Measure, Reason
from anchorset.trust.compare.safe import for_xml
from anchorset.trust.compare.words import interval, p_value, percent, points, summary


def junit(comparisons: Sequence[Comparison]) -> str:
    """One XML document, a suite per candidate. Hostile names are escaped, characters XML cannot hold are replaced."""
    root = ElementTree.Element("testsuites", name="anchorset compare")
    for comparison in comparisons:
        root.append(_suite(comparison))
    for total in ("tests", "failures", "errors"):
        root.set(total, str(sum(int(suite.get(total, "0")) for suite in root)))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(comparison: Comparison) -> ElementTree.Element:
    name = for_xml(f"compare: {comparison.candidate} against {comparison.baseline}")
    suite = ElementTree.Element("testsuite", name=name)
    properties = ElementTree.SubElement(suite, "properties")
    for key, value in (
        ("verdict", comparison.verdict or "none"),
        ("purpose", comparison.purpose),
        ("without_provenance", comparison.without_provenance.message),
    ):
        ElementTree.SubElement(properties, "property", name=key, value=for_xml(value))
    cases = [_gate(reason, name) for reason in comparison.reasons]
    cases += [_bucket(bucket, comparison, name) for bucket in comparison.buckets]
    suite.extend(cases)
    ElementTree.SubElement(suite, "system-out").text = for_xml("\n".join(summary(comparison)))
    counts = {"tests": len(cases), "errors": 0, "time": 0}
    counts["failures"] = sum(case.find("failure") is not None for case in cases)
    counts["skipped"] = sum(case.find("skipped") is not None for case in cases)
    for key, count in counts.items():
        suite.set(key, str(count))
    return suite


def _case(name: str, suite: str) -> ElementTree.Element:
    return ElementTree.Element("testcase", name=for_xml(name), classname=suite, time="0")


def _gate(reason: Reason, suite: str) -> ElementTree.Element:
    case = _case(f"gate: {reason.code}", suite)
    if reason.weight == "blocks":
        ElementTree.SubElement(case, "failure", message=for_xml(reason.message), type=reason.code).text = reason.message
    elif reason.weight == "undecided":
        ElementTree.SubElement(case, "skipped", message=for_xml(reason.message))
    else:
        ElementTree.SubElement(case, "system-out").text = for_xml(reason.message)
    return case


def _bucket(bucket: BucketDelta, comparison: Comparison, suite: str) -> ElementTree.Element:
    case = _case(f"bucket: {bucket.bucket}", suite)
    said = sentence(bucket)
    if bucket.bucket == "seed" and any(reason.code == "seed_drop" for reason in comparison.reasons):
        ElementTree.SubElement(case, "failure", message=for_xml(said), type="seed_drop").text = said
    else:
        ElementTree.SubElement(case, "system-out").text = said
    return case


def sentence(found: Measure) -> str:
    """One measure in one line."""
    return (
        f"{percent(found.baseline)} to {percent(found.candidate)}, {points(found.delta)} ({interval(found)}, "
        f"p {p_value(found.p)}) on {found.n:,} cases in {found.clusters:,} groups; "
        f"{found.gained:,} gained, {found.lost:,} lost"
    )
