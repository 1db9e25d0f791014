"""The nouns. Comes in: values. Goes out: values that are valid by construction.

One evening of reading is the whole product: case, provenance, lineage, config, persona, plan, finding, decision,
said, dataset, run, result, judge, family, ledger, ports, hashing, errors. Standard library and pydantic only.
What this room does not know: files, models, statistics, and who calls it.
"""
