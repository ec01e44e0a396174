"""SECURITY.md lists what MXNet's library has inside, as it is installed.

No package manager sees these libraries: they were compiled into the file, or
lie beside it in the same wheel.
"""

import os
import pathlib
import re
import socket
import subprocess
import sys
from importlib import metadata

import pytest
from books import ROOT

# How a library shows in the file, with its version where it says that
MARKS = {
    'OpenCV': rb'General configuration for OpenCV ([\d.]+) =',
    'Eigen': rb'Eigen: +YES \(ver ([\d.]+)\)',
    'libpng': rb'libpng version ([\d.]+) - ',
    'zlib': rb'inflate ([\d.]+) Copyright',
    'libjpeg-turbo': rb'libjpeg-turbo version ([\d.]+) ',
    'libtiff': rb'TIFF: +\S+libtiff\.a \(ver \d+ / ([\d.]+)\)',
    'ZeroMQ': rb'staticdeps/libzmq-([\d.]+)/src',
    'oneDNN': rb'oneDNN v%d',
    'Protocol Buffers': rb'N6google8protobuf8internal',
    'OpenSSL': rb'OpenSSL (\d[\w.]+) ',
    'curl': rb'libcurl/([\d.]+)',
    'libwebp': rb'WebPDecode',
    'JasPer': rb'JasPer',
    'OpenEXR': rb'Imf_\d_\d|OPENEXR_',
    'FFmpeg': rb'avcodec_open2',
    'libxml2': rb'xmlReadMemory',
    'LZ4': rb'LZ4_decompress_safe',
    'Zstandard': rb'ZSTD_decompress',
    'bzip2': rb'BZ2_bzDecompress',
    'LZMA': rb'lzma_stream_decoder',
}
ROW = re.compile(r'^\| ([\w .-]+?) (\d[\w.]*) \|', re.MULTILINE)
ASK = """
import mxnet.ndarray as nd
x, w = nd.ones((1, 3, 8, 8)), nd.ones((2, 3, 3, 3))
nd.Convolution(x, w, nd.zeros(2), kernel=(3, 3), num_filter=2).wait_to_read()
"""
CONFIGURATION = """
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
library.openblas_get_config.restype = ctypes.c_char_p
print(library.openblas_get_config().decode())
"""


@pytest.fixture(scope='module')
def folder():
    """Return the folder of the installed MXNet."""
    try:
        found = metadata.distribution('mxnet')
    except metadata.PackageNotFoundError:
        pytest.skip('MXNet is not installed')
    path = pathlib.Path(found.locate_file('mxnet'))
    if found.version != '1.9.1' or not (path / 'libmxnet.so').exists():
        pytest.skip('another MXNet than that of the lock for Linux')
    return path


@pytest.fixture(scope='module')
def listed():
    """Return {library: version} of the table in SECURITY.md."""
    text = (ROOT / 'SECURITY.md').read_text('utf-8')
    [part] = re.findall(r'## What MXNet has inside\n(.*?)\n## ', text, re.S)
    return dict(ROW.findall(part))


@pytest.fixture(scope='module')
def inside(folder):
    """Return {library: version, or None} of what the file shows."""
    content = (folder / 'libmxnet.so').read_bytes()
    found = {name: re.search(mark, content) for name, mark in MARKS.items()}
    return {name: x[1].decode() if x.re.groups else None
            for name, x in found.items() if x}


def test_what_is_inside_is_listed_and_nothing_else(inside, listed):
    assert {*inside, 'OpenBLAS', 'libgfortran'} == {*listed}


def test_the_versions_are_those_that_the_file_tells(inside, listed):
    told = {name: version for name, version in inside.items() if version}
    assert len(told) >= 7
    assert {name: listed[name] for name in told} == told


def test_what_lies_beside_it_is_listed(folder, listed):
    beside = {x.name.split('.so')[0] for x in folder.glob('*.so*')}
    assert beside == {'libmxnet', 'libopenblas', 'libgfortran'}
    assert (folder / f'libgfortran.so.{listed["libgfortran"]}').exists()
    done = subprocess.run([sys.executable, '-c', CONFIGURATION,
                           folder / 'libopenblas.so.0'], check=True,
                          capture_output=True, text=True)
    assert done.stdout.startswith(f'OpenBLAS {listed["OpenBLAS"]} ')


def test_the_version_of_protocol_buffers_is_asked_for_at_the_start(folder,
                                                                   listed):
    """Code that was generated hands its version over as a number."""
    major, minor, patch = map(int, listed['Protocol Buffers'].split('.'))
    number = (major * 1000 + minor) * 1000 + patch
    content = (folder / 'libmxnet.so').read_bytes()
    assert b'\xbf' + number.to_bytes(4, 'little') in content


@pytest.mark.slow
def test_the_version_of_onednn_is_what_it_says(folder, listed):
    done = subprocess.run([sys.executable, '-c', ASK], check=True,
                          capture_output=True, text=True,
                          env={**os.environ, 'DNNL_VERBOSE': '1'})
    assert f'oneDNN v{listed["oneDNN"]} ' in done.stdout


@pytest.fixture(scope='module')
def code():
    """Return {page, or module: the code that a reader runs of it}."""
    found = {}
    for path in [*ROOT.glob('chapters/*/*/*.md'), *ROOT.glob('utils*.py')]:
        text = path.read_text('utf-8')
        cells = re.findall(r'^```\{\.python \.input\}\n(.*?)^```', text,
                           re.M | re.S)
        found[path] = '\n'.join(cells) if path.suffix == '.md' else text
    assert len(found) > 80
    return found


def test_one_chapter_decodes_pictures_those_that_it_has_written(code):
    calls = re.compile(r'\b(?:mx|mxnet)\.(?:image|recordio)\b|ImageIter|'
                       r'Image\w*Record|ImageFolderDataset|imdecode|imread|'
                       r'ImageDetIter')
    found = {x: text for x, text in code.items() if calls.search(text)}
    assert {x.name for x in found} == {'fine-tuning.md'}
    for text in found.values():
        opened = re.findall(r'ImageFolderDataset\((.*?),', text)
        assert set(opened) == {f"str(folder / '{part}')"
                               for part in ('train', 'test')}
        assert 'folder = Path(temporary.name)' in text
        assert 'plt.imsave(target' in text


LISTENING = """
import contextlib, os, pathlib, subprocess, sys, time
process = subprocess.Popen([sys.executable, '-c', 'import mxnet'])
sockets = pathlib.Path(f'/proc/{process.pid}/fd')
try:
    for _ in range(300):
        own = set()
        for x in sockets.iterdir():
            with contextlib.suppress(OSError):
                own.add(os.readlink(x)[8:-1])
        table = [x.split() for name in ('tcp', 'tcp6') for x in
                 pathlib.Path('/proc/net', name).read_text().splitlines()[1:]]
        found = [x[1].split(':')[0] for x in table
                 if x[3] == '0A' and x[9] in own]
        if found:
            break
        time.sleep(0.1)
    print(*found)
finally:
    process.kill()
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith('linux'), reason='asks /proc')
def test_the_chapter_on_several_machines_is_open_to_this_one_alone(folder,
                                                                   code):
    """As it starts its scheduler, which is written to listen."""
    pages = [path for path, text in code.items() if 'dist_' in text]
    assert {x.name for x in pages} == {'distributed-training.md'}
    for page in pages:
        [settings] = re.findall(r"'DMLC_\w+': '(?:[\d.]+)'(?:.*\n)*?.*\}",
                                code[page])
        known = dict(re.findall(r"'(DMLC_\w+)': '([\d.]+)'", settings))
        assert known['DMLC_NODE_HOST'] == '127.0.0.1'
        done = subprocess.run(
            [sys.executable, '-c', LISTENING], check=True, timeout=120,
            capture_output=True, text=True, env={
                **os.environ, **known, 'DMLC_ROLE': 'scheduler',
                'DMLC_PS_ROOT_PORT': str(free_port())})
        assert set(done.stdout.split()) == {'0100007F'}  # 127.0.0.1


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]
