#!/usr/bin/env bash
# Build the image without Docker: Debian's buildah makes it from Dockerfile,
# on a base of our own in place of python:3.11-slim: bookworm by debootstrap,
# with the Python of this machine. For root. Words go to buildah, for example
# --build-arg LATEX=1. An engine that is named, by --build-arg ENGINE=torch or
# by the variable ENGINE, gives the image a name of its own. `make image-test`
# then tries the image out.
set -euo pipefail
cd "$(dirname "$0")/../.."
export BUILDAH_ISOLATION=chroot
BASE=localhost/from-scratch-to-gluon-base
BUNDLE=etc/ssl/certs/ca-certificates.crt
DATA=${BOOK_DATA:-$HOME/.mxnet/datasets}
SETS="fashion-mnist mnist timemachine.txt kaggle_house_pred_train.csv
  kaggle_house_pred_test.csv"
LIBRARIES=libffi8,libncursesw6,libreadline8,libsqlite3-0,libssl3,libuuid1
PYTHON=${PYTHON:-$PWD/.venv/bin/python}
LINKS=$($PYTHON -m pip config get global.find-links 2> /dev/null) || LINKS=
ENGINE=${ENGINE:-}

# Debian, Python, and this machine's way to the registries
make_base() {
  local root=$work/base container
  debootstrap --variant=minbase --include=ca-certificates,$LIBRARIES \
    bookworm "$root"
  copy_python "$root"
  configure_pip "$root/etc/pip.conf"
  configure_apt "$root/etc/apt/apt.conf.d"
  chroot "$root" apt-get clean
  rm -rf "$root"/usr/share/{doc,info,locale,man} "$root"/var/lib/apt/lists/*
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$root" /
  buildah commit --quiet --rm "$container" $BASE
}

# Packages in a folder of this machine are mounted while the image is built
configure_pip() {
  local index
  index=$($PYTHON -m pip config get global.index-url 2> /dev/null) ||
    index=https://pypi.org/simple
  cp "/$BUNDLE" "$work/base/$BUNDLE"
  printf '[global]\ncert = /%s\nindex-url = %s\n' "$BUNDLE" "$index" > "$1"
  if [ -d "$LINKS" ]; then
    mkdir "$work/base/mnt/links"
    echo 'find-links = /mnt/links' >> "$1"
  fi
}

# apt keeps no caches and no packages, as in the official image
configure_apt() {
  apt-config dump | grep -E '^Acquire::(Check-|https?::)' \
    > "$1/80host" || true
  cat > "$1/docker-clean" << 'END'
Dir::Cache { pkgcache ""; srcpkgcache ""; };
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; };
END
}

# Python goes to /usr/local, as in the official image, and as bare as there
copy_python() {
  local prefix version
  version=$($PYTHON -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  prefix=$($PYTHON -c 'import sys; print(sys.base_prefix)')
  if [ "$prefix" = /usr ] || [ "$version" != 3.11 ]; then
    echo "error: needs a Python 3.11 in a folder of its own, for example \
from \`uv python install 3.11\`; then PYTHON=/path/to/python3.11 $0" >&2
    exit 1
  fi
  tar -c -C "$prefix" --exclude=site-packages --exclude=__pycache__ \
    --exclude=test --exclude=tests --exclude='*.a' bin lib |
    tar -x -C "$1/usr/local"
  chroot "$1" ldconfig
  chroot "$1" python3 -m ensurepip > /dev/null
}

# What is in git, and the data sets of this machine
make_context() {
  mkdir -p "$work/context/data"
  git ls-files -z --cached --others --exclude-standard |
    tar -c --null --files-from - | tar -x -C "$work/context"
  for name in $SETS; do
    if [ -e "$DATA/$name" ]; then cp -r "$DATA/$name" "$work/context/data"; fi
  done
}

for program in buildah debootstrap; do
  command -v $program > /dev/null && continue
  echo "error: needs $program; on Debian: apt-get install $program" >&2
  exit 1
done
for word in "$@"; do
  case $word in *ENGINE=*) ENGINE=${word##*ENGINE=} ;; esac
done
IMAGE=localhost/from-scratch-to-gluon${ENGINE:+-$ENGINE}
mkdir -p _build
work=$(mktemp -d "$PWD/_build/image.XXXXXX")
trap 'rm -rf "$work"' EXIT
buildah inspect --type image $BASE > /dev/null 2>&1 || make_base
make_context
[ ! -d "$LINKS" ] || set -- --volume "$LINKS:/mnt/links:ro" "$@"
buildah bud --format docker --layers --build-arg BASE=$BASE \
  --build-arg ENGINE="$ENGINE" --tag "$IMAGE" "$@" "$work/context"
buildah images "$IMAGE"
