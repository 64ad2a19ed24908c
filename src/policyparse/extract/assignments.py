"""Placeholder."""

from collections.abc import Sequence

from policyparse.extract.tables import Row
from policyparse.rulebook import Rulebook
from policyparse.schema import Assignment
from policyparse.segment import Outline
from policyparse.text import Text


def assignments(text: Text, outline: Outline, table: Sequence[Row], rulebook: Rulebook) -> list[Assignment]:
    return []
