"""A worker for the tests: what it does with a file, the file's name says."""

import os
import signal
import sys
import time

from policyparse.batch import work, worker

content = work.content


def poisoned(path: str) -> bytes:
    """Die always or once, hang, eat memory, or read the file."""
    if "deadly" in path:
        os.kill(os.getpid(), signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    if "shaky" in path and not os.path.exists(f"{path}.once"):
        open(f"{path}.once", "w").close()
        os._exit(1)
    if "stuck" in path:
        time.sleep(600)
    if "greedy" in path:
        return bytes(1 << 40)
    return content(path)


work.content = poisoned
worker.main()
