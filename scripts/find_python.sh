#!/bin/sh
# Print the first Python 3.11, 3.12 or 3.13 of the candidates given, else of the usual names.
# A name on PATH may be a stand-in that starts nothing, so each is really run.
fits='import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] < (3, 14))'
[ "$#" -gt 0 ] || set -- python3.13 python3.12 python3.11 python3 python
for candidate in "$@"; do
  if "$candidate" -c "$fits" >/dev/null 2>&1; then
    "$candidate" -c 'import sys; print(sys.executable)'
    exit 0
  fi
done
echo "The course needs Python 3.11, 3.12 or 3.13, and found none as: $*." \
  "Install one, or name it: make setup PYTHON=/path/to/python3.12" >&2
exit 2
