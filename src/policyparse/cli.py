"""click: arguments in, exit code out."""

from pathlib import Path

import click


@click.group()
def main() -> None:
    """Read Chinese policy notices as data."""


@main.command()
@click.argument("files", nargs=-1)
@click.option("--format", "to", default="json")
def extract(files: tuple[str, ...], to: str) -> None:
    from policyparse.document import Document
    from policyparse.pipeline import parse
    from policyparse.rulebook import load

    for name in files:
        raw = Path(name).read_bytes()
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        click.echo(parse(Document(text, name), load()).model_dump_json())
