"""Runs a program for as long as whoever asked for it lives: `python supervisor.py FOLDER PROGRAM ARGUMENT...`.

Standard input is a pipe that ends with the process that holds its other end, however that one dies. Then the program is
ended with all that it has started, and FOLDER is removed.
"""

import os
import signal
import subprocess
import sys
import threading
from shutil import rmtree


def main() -> None:
    """Run the program."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked decides
    folder, *command = sys.argv[1:]
    program = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    ending = threading.Lock()

    def follow() -> None:
        os.read(0, 1)
        with ending:
            _end(program)
            rmtree(folder, ignore_errors=True)
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
    program.wait()
    with ending:
        os._exit(0)


def _end(program: "subprocess.Popen[bytes]") -> None:
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(program.pid)], capture_output=True, check=False)
    else:
        os.killpg(program.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
