"""Placeholder."""

from collections.abc import Sequence

from policyparse.extract.tables import Row
from policyparse.rulebook import Rulebook
from policyparse.schema import Deadline, Metadata
from policyparse.segment import Outline
from policyparse.text import Text


def deadlines(text: Text, outline: Outline, table: Sequence[Row], about: Metadata, rulebook: Rulebook) -> list[Deadline]:
    return []
