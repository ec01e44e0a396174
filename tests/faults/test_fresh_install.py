"""Whoever follows the page on installation gets what it promises."""

import sys

import follow_install
import pytest
from books import ROOT
from harm import thorough

from book.execution import files
from book.shipping import wheel
from from_scratch_to_gluon import computer


@thorough
@pytest.mark.slow
def test_the_way_with_pip_leads_to_mxnet_and_to_a_chapter():
    index, error = computer.network(ROOT)
    if error:
        pytest.skip(f'needs the package registry: {index}: {error}')
    with files.only_one(ROOT):
        wheel.write(ROOT)
    follow_install.go('mxnet', sys._base_executable)
