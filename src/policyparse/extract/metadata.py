"""Placeholder."""

from policyparse.document import Document
from policyparse.rulebook import Rulebook
from policyparse.schema import Metadata
from policyparse.segment import Outline
from policyparse.text import Text


def metadata(text: Text, document: Document, outline: Outline, rulebook: Rulebook) -> Metadata:
    return Metadata()
