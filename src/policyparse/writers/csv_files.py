"""CSV: a file per table, for spreadsheets."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from policyparse.writers.tables import TABLES

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a text that begins so for a formula, and would run it."""


def cell(value: Any) -> Any:
    """A value as a cell: lists divided by ；, whole numbers without .0, an apostrophe before what seems a formula."""
    if isinstance(value, str):
        return "'" + value if value.startswith(FORMULA) else value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, tuple | list):
        return cell("；".join(map(str, value)))
    return value


def lines(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as lines of CSV (RFC 4180)."""
    text = StringIO()
    csv.writer(text).writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()


def header(table: str) -> str:
    """The first line of a table's file. Its BOM tells Excel that the file is UTF-8."""
    return "\ufeff" + lines([[column.name for column in TABLES[table].columns]])
