"""What all tests need of the process that they run in."""

import os
import signal
import tempfile

import pytest

CACHE = tempfile.TemporaryDirectory(prefix="pytest-policyparse-")
os.environ["XDG_CACHE_HOME"] = os.environ["LOCALAPPDATA"] = CACHE.name
"""Compiled rules are kept in a folder of the tests' own, not in the user's cache."""

signal.signal(signal.SIGINT, signal.default_int_handler)
"""What a script starts in the background ignores Ctrl-C, and so would every command that the tests start."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """All tests run in several processes, those that are named in this one."""
    from policyparse.batch.run import cores

    return min(cores(), 4) if config.args_source == config.ArgsSource.TESTPATHS else 0
