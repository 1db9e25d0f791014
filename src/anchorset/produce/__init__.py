"""Briefs to candidates. Comes in: a plan, seeds, their groups, a gate.

Goes out: candidates with lineage, and ledgers that balance.

What this room does not know: which checks stand in the gate, who reviews, and where anything is stored.
"""
