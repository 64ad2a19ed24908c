"""The expected result of each sample notice, NAME.yaml beside it; run as a program, it writes them anew for review.

python samples/expected.py && git diff samples
"""

from pathlib import Path

from policyparse.api import load_rules, read
from policyparse.pipeline import parse
from policyparse.writers import write

SAMPLES = Path(__file__).resolve().parent
NOTICES = sorted(path for path in SAMPLES.iterdir() if path.suffix in {".txt", ".md", ".html"})


def result(notice: Path) -> bytes:
    """What the program says of a sample now, as YAML; `source.path` is relative to the project."""
    document = read(notice)._replace(path=f"samples/{notice.name}")
    return b"".join(write([parse(document, load_rules())], "yaml"))


if __name__ == "__main__":
    for notice in NOTICES:
        notice.with_suffix(".yaml").write_bytes(result(notice))
