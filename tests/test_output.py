"""Where the command writes, and what it says when it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "nanpu-plans-2023.txt"


def shell(command: str, **names: Path) -> subprocess.CompletedProcess[str]:
    """A command line with `policyparse` and {names} filled in, as a shell runs it."""
    words = {name: f'"{path}"' for name, path in names.items()}
    line = command.format(policyparse=f'"{sys.executable}" -m policyparse', **words)
    return subprocess.run(line, shell=True, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("command", ["extract {sample}", "text {sample}", "schema"])
def test_a_full_disk_is_one_line(command: str) -> None:
    done = shell("{policyparse} " + command + " > /dev/full", sample=SAMPLE)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "standard output" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
def test_no_standard_output_is_one_line() -> None:
    done = shell("{policyparse} extract {sample} >&-", sample=SAMPLE)
    assert done.returncode == 2
    assert "-o FILE" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_notice_is_never_written_over(tmp_path: Path) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_bytes(SAMPLE.read_bytes())
    done = shell("{policyparse} extract {notice} -o {notice}", notice=notice)
    assert done.returncode == 2
    assert notice.read_bytes() == SAMPLE.read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes")
def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    name = os.path.join(os.fsencode(tmp_path), b"bad\xff.txt")
    with open(name, "wb") as file:
        file.write(SAMPLE.read_bytes())
    done = subprocess.run([sys.executable, "-m", "policyparse", "extract", name], capture_output=True, check=False)
    assert done.returncode == 0
    assert rb"bad\\udcff.txt" in done.stdout
