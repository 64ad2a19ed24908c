"""`python -m policyparse`."""

from policyparse.cli import run

run()
