"""Runs every benchmark on the folder of real data that is named, one after the other.

python -m bench DATA [--peers]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", help="folder of real data, as ANCHORSET_DATA")
    parser.add_argument("--peers", action="store_true", help="also time the peers, each in an environment of its own")
    given = parser.parse_args()
    if not given.data or not Path(given.data).is_dir():
        sys.exit("name the folder of real data: make bench DATA=folder")
    failed = []
    for script in sorted(Path(__file__).parent.glob("[!_]*.py")):
        print(f"\n== {script.stem}", flush=True)
        text = script.read_text(encoding="utf-8")
        words = ["--data", given.data] if '"--data"' in text else []
        words += ["--peers"] if given.peers and '"--peers"' in text else []
        if subprocess.run([sys.executable, "-m", f"bench.{script.stem}", *words], check=False).returncode:
            failed.append(script.stem)
    if failed:
        sys.exit(f"did not finish: {', '.join(failed)}")


main()
