"""Versions run, compared, and answered for: runs, results, outcomes, the trust report and the audit packet."""
