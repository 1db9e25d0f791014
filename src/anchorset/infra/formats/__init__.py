"""The file formats of the outside world, one small file each.

Comes in: a path and, when sniffing is not wanted, a format's name. Goes out: rows with their line numbers
(`open_rows`), cases with their lineage (`read_cases`, `write_cases`), or plain texts (`texts`). A bad row is a value
with a reason.
What this room does not know: what a row means to the owner, privacy, and every other room of the outside world.
"""
