"""Is a synthetic set wearing a costume? Comes in: real texts, synthetic texts, an embedder. Goes out: an AuditReport.

Every signal is read against what two samples of one real crowd would show at these sizes, all signals together.
What this room does not know: files, case records, the terminal; and who wrote a text: it says what differs, not why.
"""
