"""Real notices, where they are at hand: every one goes through without hanging, and every span holds."""

import time
from pathlib import Path

import pytest

import policyparse.schema

NOTICES = Path(__file__).parent.parent.parent / "shared" / "corpus" / "notices"
FILES = sorted(NOTICES.iterdir()) if NOTICES.is_dir() else []

pytestmark = pytest.mark.skipif(not FILES, reason="no corpus here")


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_a_real_notice_goes_through(path: Path) -> None:
    layer = policyparse.read(path).text
    start = time.process_time()
    notice = policyparse.extract(path)
    assert time.process_time() - start < 20
    facts = [fact for task in notice.tasks for fact in (*task.assignments, *task.targets, *task.deadlines)]
    for fact in (*facts, *notice.citations):
        assert layer[slice(*fact.span)] == fact.text
        assert fact.text.strip()
    for spans in notice.metadata.evidence.values():
        assert all(0 <= start < end <= len(layer) for start, end in spans)
    for part in notice.parts:
        inside(part.sections, part.span, layer)


def inside(sections: tuple[policyparse.schema.Section, ...], span: tuple[int, int], layer: str) -> None:
    """Sections lie in order inside what holds them, and begin with their marker."""
    at = span[0]
    for section in sections:
        start, end = section.span
        assert at <= start < end <= span[1]
        assert "".join(layer[start:end].split()).startswith("".join(section.marker.split()))
        inside(section.sections, section.span, layer)
        at = end
