"""The command and its subcommands."""

import click

from policyparse import __version__
from policyparse.cli import batch, notices, rules
from policyparse.cli.console import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def main() -> None:
    """Read Chinese policy notices as data.

    Exit codes: 0 all went well, 1 some files failed or a rule does not hold its examples, 2 wrong usage or unreadable
    input.
    """


for command in (
    notices.extract,
    notices.outline,
    notices.text,
    notices.schema,
    batch.batch,
    batch.query,
    rules.patterns,
    rules.explain,
):
    main.add_command(command)
