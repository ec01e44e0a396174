#!/usr/bin/env bash
# Build the image without Docker: Debian's buildah makes it from Dockerfile,
# on a base from debootstrap in place of python:3.11-slim. For root on Debian
# 12, whose Python is 3.11 too. Words go to buildah: --build-arg LATEX=1
# `make image-test` then tries the image out, without a network.
set -euo pipefail
cd "$(dirname "$0")/../.."
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=${STORAGE_DRIVER:-vfs}
IMAGE=localhost/from-scratch-to-gluon
BASE=localhost/from-scratch-to-gluon-base
BUNDLE=etc/ssl/certs/ca-certificates.crt
DATA=${BOOK_DATA:-$HOME/.mxnet/datasets}
SETS="fashion-mnist mnist timemachine.txt kaggle_house_pred_train.csv
  kaggle_house_pred_test.csv"

# A bookworm with Python, and with this machine's way to the registries
make_base() {
  local root=$work/base container index
  index=$(python3 -m pip config get global.index-url 2> /dev/null) ||
    index=https://pypi.org/simple
  debootstrap --variant=minbase \
    --include=ca-certificates,python3,python3-venv bookworm "$root"
  cp "/$BUNDLE" "$root/$BUNDLE"
  printf '[global]\ncert = /%s\nindex-url = %s\n' "$BUNDLE" "$index" \
    > "$root/etc/pip.conf"
  apt-config dump | grep -E '^Acquire::(Check-|https?:)' \
    > "$root/etc/apt/apt.conf.d/80host" || true
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$root" /
  buildah commit --quiet --rm "$container" $BASE
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
mkdir -p _build
work=$(mktemp -d "$PWD/_build/image.XXXXXX")
trap 'rm -rf "$work"' EXIT
buildah inspect --type image $BASE > /dev/null 2>&1 || make_base
make_context
buildah bud --format docker --layers=false --build-arg BASE=$BASE \
  --tag $IMAGE "$@" "$work/context"
buildah images --filter reference=$IMAGE
