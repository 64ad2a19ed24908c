"""click: arguments in, exit code out. Data goes to standard output in UTF-8, everything else to standard error."""

import gc
import os


def run() -> None:
    """The command: `main` in a process of its own, most of which end before it pays to collect garbage."""
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # there are none, and looking for them takes long
    from policyparse.cli.commands import main

    main(prog_name="policyparse")
