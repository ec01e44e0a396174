#!/bin/sh
# Install the packages of the image, without what weighs much and is no use
# there. While the image is built, in /opt/book:
#   packages.sh mxnet
#   packages.sh torch
#   packages.sh ''     MXNet, where the processor can run it
set -eu

# Has PyTorch for the processor alone; PyPI's for amd64 brings all of CUDA
torch_index=https://download.pytorch.org/whl/cpu

fail() {
  echo "error: $1" >&2
  exit 1
}

install() {
  pip install --no-cache-dir "$@"
}

locked() {
  install --require-hashes -r "$1" -r requirements-image.txt
}

# Two indexes are asked for PyTorch and what it needs, and only the files that
# are named by their sums are taken, whichever has them.
install_torch() {
  locked requirements-torch.txt
  install --require-hashes --extra-index-url $torch_index \
    -r requirements-pytorch-cpu.txt
  install --no-deps --no-build-isolation -e engine
}

# Tests, what is for compilers and debuggers, and the pages of a hub, which is
# another machine's business
remove_weight() {
  packages=$(python -c 'import site; print(site.getsitepackages()[0])')
  find "$packages" -depth -type d -name tests -exec rm -r {} +
  rm -r "$packages/jupyterlab/galata" \
    "$packages/../../../share/jupyterhub/static/components"
  [ "$engine" = torch ] || return 0
  rm -r "$packages/torch/include" "$packages/torch/test"
  find "$packages/torch/bin" -type f ! -name torch_shm_manager -delete
  strip --strip-unneeded "$packages/torch/lib"/libtorch_*.so
  python -c 'import torch'
}

processor=$(dpkg --print-architecture)
case $processor in
amd64) engine=${1:-mxnet} ;;
*) engine=${1:-torch} ;;
esac
case $engine-$processor in
mxnet-amd64) locked requirements.txt ;;
mxnet-*) fail "ENGINE=mxnet: MXNet has no build for $processor; leave ENGINE \
away, or say torch" ;;
torch-*) install_torch ;;
*) fail "ENGINE=$engine: no such engine; say mxnet or torch" ;;
esac
remove_weight
