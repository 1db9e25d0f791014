#!/bin/sh
# Makes a virtual environment with a pip new enough for dependency groups. Debian ships python3 without venv: as root we
# install the package it is in, otherwise we say which.
set -eu
python=$1 venv=$2
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "anchorset needs Python 3.11 or newer; $("$python" --version) found. Name another one: make PYTHON=python3.12" >&2
  exit 4
}
if ! "$python" -m venv "$venv" 2>/dev/null; then
  rm -rf "$venv"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    "$python" -m venv "$venv"
  else
    echo "$python has no venv module. Install it (Debian: apt-get install python3-venv) and run make again." >&2
    exit 4
  fi
fi
"$venv/bin/python" -m pip install --quiet --constraint constraints.txt --upgrade pip
