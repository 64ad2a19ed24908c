"""Placeholder."""

from policyparse.rulebook import Rulebook
from policyparse.schema import Citation, Metadata
from policyparse.segment import Outline
from policyparse.text import Text


def citations(text: Text, outline: Outline, about: Metadata, rulebook: Rulebook) -> list[Citation]:
    return []
