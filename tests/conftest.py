"""What all tests need of the process that they run in."""

import os
import signal
import tempfile

CACHE = tempfile.TemporaryDirectory(prefix="pytest-policyparse-")
os.environ["XDG_CACHE_HOME"] = os.environ["LOCALAPPDATA"] = CACHE.name
"""Compiled rules are kept in a folder of the tests' own, not in the user's cache."""

signal.signal(signal.SIGINT, signal.default_int_handler)
"""What a script starts in the background ignores Ctrl-C, and so would every command that the tests start."""
