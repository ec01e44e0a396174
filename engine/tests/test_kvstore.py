"""Stores of one process, and two processes that train like one."""

import os
import pathlib
import socket
import subprocess
import sys

import mxnet as mx
import numpy as np
import pytest
from mxnet import nd

ENGINE = str(pathlib.Path(__file__).parents[1])


def test_push_adds_and_pull_copies():
    store = mx.kv.create('local')
    store.init('a', nd.ones(2))
    out = [nd.zeros(2), nd.zeros(2, ctx=mx.cpu(1))]
    store.pull('a', out=out)
    assert out[1].asnumpy().tolist() == [1, 1]
    store.push('a', [nd.ones(2) * 3, nd.ones(2, ctx=mx.cpu(1))])
    store.pull('a', out=out)
    assert [x.asnumpy().tolist() for x in out] == [[4, 4], [4, 4]]


def test_errors():
    with pytest.raises(mx.MXNetError, match='did you mean `dist_sync`'):
        mx.kv.create('dist_asinc')
    store = mx.kv.create()
    store.init(1, nd.ones(2))
    with pytest.raises(mx.MXNetError, match='already'):
        store.init(1, nd.ones(2))
    with pytest.raises(mx.MXNetError, match='init it first'):
        store.push(2, nd.ones(2))
    with pytest.raises(mx.MXNetError):
        store.pull(1, nd.ones(3))


def test_dist_sync_wants_an_environment(monkeypatch):
    monkeypatch.delenv('DMLC_PS_ROOT_URI', raising=False)
    with pytest.raises(mx.MXNetError, match='DMLC_PS_ROOT_URI'):
        mx.kv.create('dist_sync')


PROGRAM = '''
import sys
import mxnet as mx
from mxnet import autograd, gluon, nd

def fit(store, rank, num_workers):
    mx.random.seed(0)
    X = nd.random.normal(shape=(63, 20))
    y = nd.dot(X, nd.random.normal(shape=(20, 1)))
    w = gluon.Parameter('w', shape=(20, 1))
    w.initialize()
    trainer = gluon.Trainer([w], 'adam', {'learning_rate': 0.1},
                            kvstore=store)
    mine = slice(rank, None, num_workers)
    for _ in range(20):
        with autograd.record():
            loss = (nd.dot(X[mine], w.data()) - y[mine]) ** 2
        loss.backward()
        trainer.step(len(X))
    return w.data()

if __name__ == '__main__':
    store = mx.kv.create('dist_sync')
    if store.rank == FAILS:
        raise SystemExit('this worker gives up')
    nd.save(f'{store.rank}.params', fit(store, store.rank,
                                        store.num_workers))
'''


def run_job(folder, fails=None):
    """Start the four processes of a job; return how they ended."""
    (folder / 'worker.py').write_text(PROGRAM.replace('FAILS', str(fails)))
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        port = str(probe.getsockname()[1])
    settings = {**os.environ, 'PYTHONPATH': ENGINE, 'DMLC_NUM_WORKER': '2',
                'DMLC_NUM_SERVER': '1', 'DMLC_PS_ROOT_URI': '127.0.0.1',
                'DMLC_PS_ROOT_PORT': port, 'OMP_NUM_THREADS': '1'}
    processes = [
        subprocess.Popen([sys.executable, 'worker.py'], cwd=folder,
                         stderr=subprocess.DEVNULL,
                         env={**settings, 'DMLC_ROLE': role})
        for role in ('worker', 'server', 'scheduler', 'worker')]
    try:
        return [process.wait(120) for process in processes]
    finally:
        for process in processes:
            process.kill()


def assert_trained_like_one(folder):
    first, second = (nd.load(str(folder / f'{rank}.params'))[0].asnumpy()
                     for rank in (0, 1))
    alone = {'__name__': 'alone'}
    exec(PROGRAM.replace('FAILS', 'None'), alone)
    np.testing.assert_array_equal(first, second)
    np.testing.assert_allclose(alone['fit'](None, 0, 1).asnumpy(), first,
                               rtol=1e-5, atol=1e-6)


def test_two_processes_train_like_one(tmp_path):
    assert run_job(tmp_path) == [0, 0, 0, 0]
    assert_trained_like_one(tmp_path)


def test_torchrun_starts_workers(tmp_path):
    (tmp_path / 'worker.py').write_text(PROGRAM.replace('FAILS', 'None'))
    subprocess.run(
        [sys.executable, '-m', 'torch.distributed.run', '--standalone',
         '--nproc-per-node=2', 'worker.py'], cwd=tmp_path, timeout=120,
        check=True, stderr=subprocess.DEVNULL,
        env={**os.environ, 'PYTHONPATH': ENGINE, 'OMP_NUM_THREADS': '1'})
    assert_trained_like_one(tmp_path)


def test_job_ends_when_a_worker_gives_up(tmp_path):
    first, server, scheduler, last = run_job(tmp_path, fails=1)
    assert (first, last) == (1, 1) and (server, scheduler) == (0, 0)
