"""A .txt file: the text layer is the decoded file."""

from policyparse.document import Document
from policyparse.readers.encoding import decode


def read(raw: bytes, name: str) -> Document:
    """BOM dropped, newlines turned to `\\n`, nothing else changed."""
    text, encoding = decode(raw, name)
    return parse(text)._replace(encoding=encoding)


def parse(text: str) -> Document:
    """The document in a text."""
    return Document(text)
