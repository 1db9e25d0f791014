"""Worked examples that ship with anchorset: data files and plain Python, importing nothing of ours."""
