"""Texts in; vectors, near pairs, duplicates, groups and calibrated thresholds out.

`static.py` and `minilm.py` fill the port `Embedder`, `choose.py` opens one by name. `neighbours.py` compares vectors,
`surface.py` letters, `veto.py` what must not differ; `duplicates.py` puts the three together; `calibration.py` says
what an embedder's cosines mean. What this room does not know: cases, cells, checks, files.
"""
