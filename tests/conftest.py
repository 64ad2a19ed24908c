"""The tests keep their compiled rules in a folder of their own, not in the user's cache."""

import os
import tempfile

CACHE = tempfile.TemporaryDirectory(prefix="pytest-policyparse-")
os.environ["XDG_CACHE_HOME"] = os.environ["LOCALAPPDATA"] = CACHE.name
