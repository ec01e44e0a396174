#!/bin/sh
# What a container of the image does:
#   no words           JupyterLab on port 8888, on the reader's own copy
#   html, pdf, ...     python -m book html, ...; what is built is in _build
#   any other program  is run as given
set -eu

book=$(cd "$(dirname "$0")/../../.." && pwd)
copy=$HOME/book
built=$(readlink -f "$book/_build")
shortest_token=16

fail() {
  echo "error: $1" >&2
  exit 1
}

writable() {
  mkdir -p "$1" 2> /dev/null && [ -w "$1" ] || fail "$1: user $(id -u) may \
not write here; give the mounted folder to that user, or add \
--user \"\$(id -u):\$(id -g)\" to docker run"
}

check_token() {
  if [ -z "${JUPYTER_TOKEN:-}" ]; then
    JUPYTER_TOKEN=$(python -c 'import secrets; print(secrets.token_hex(24))')
  elif [ "${#JUPYTER_TOKEN}" -lt $shortest_token ]; then
    fail "JUPYTER_TOKEN has fewer than $shortest_token characters; take a \
longer one, for example that of \`openssl rand -hex 24\`, or none: then one \
is made"
  fi
  export JUPYTER_TOKEN
}

serve() {
  writable "$copy"
  check_token
  cd "$book"
  for language in en zh; do
    python -m book workspace --folder "$copy/$language" --language "$language"
  done
  cd "$copy"
  echo "Open this address, with the port that you chose in docker run:"
  echo "  http://127.0.0.1:8888/lab?token=$JUPYTER_TOKEN"
  exec jupyter lab --no-browser --ip=0.0.0.0 --port=8888 \
    --ServerApp.port_retries=0 --ServerApp.root_dir="$copy"
}

# Jupyter and Matplotlib keep settings at home, also for a user without one
[ -w "$HOME" ] || HOME=$(mktemp -d)
export HOME

if [ $# = 0 ]; then
  serve
elif command -v "$1" > /dev/null 2>&1; then
  exec "$@"
else
  writable "$built"
  cd "$book"
  exec python -m book "$@"
fi
