"""Read Chinese policy notices as validated, traceable data.

>>> import policyparse
>>> notice = policyparse.extract(Path("notice.txt"))  # a path, or the bytes of a file, or a text
>>> notice.metadata.title, notice.tasks[0].assignments
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policyparse.api import extract as extract
    from policyparse.api import load_rules as load_rules
    from policyparse.api import read as read
    from policyparse.document import Document as Document
    from policyparse.errors import PolicyparseError as PolicyparseError
    from policyparse.errors import ReadError as ReadError
    from policyparse.errors import RuleError as RuleError
    from policyparse.rulebook import Rulebook as Rulebook
    from policyparse.schema import Notice as Notice

__version__ = "0.1.0"
__all__ = [
    "Document",
    "Notice",
    "PolicyparseError",
    "ReadError",
    "RuleError",
    "Rulebook",
    "extract",
    "load_rules",
    "read",
]

_HOMES = {
    "Document": "document",
    "Notice": "schema",
    "PolicyparseError": "errors",
    "ReadError": "errors",
    "RuleError": "errors",
    "Rulebook": "rulebook",
    "extract": "api",
    "load_rules": "api",
    "read": "api",
}


def __getattr__(name: str) -> object:
    """Import what is asked for, and only then: `import policyparse` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'policyparse' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"policyparse.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
