"""What README.md shows works."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


COMMANDS = list(dict.fromkeys(line.split("  #")[0].strip() for block in blocks("sh") for line in block.splitlines()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples and the rule file that the README shows, and `policyparse` as a command."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "samples", folder / "samples")
    for block in blocks("yaml"):
        path = folder / block.splitlines()[0].removeprefix("# ")
        path.parent.mkdir()
        path.write_text(block, "utf-8")
    return folder


OWN = [command for command in COMMANDS if command.startswith("policyparse ")]


@pytest.fixture(scope="module")
def ran(folder: Path) -> dict[str, "subprocess.CompletedProcess[str]"]:
    """The commands, run one after the other: some ask what others wrote."""
    command = f'policyparse() {{ "{sys.executable}" -m policyparse "$@"; }}\n'
    options = {"cwd": folder, "capture_output": True, "text": True, "encoding": "utf-8", "check": False}
    return {line: subprocess.run(["bash", "-c", command + line], **options) for line in OWN}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize("command", OWN)
def test_a_command_of_the_readme(ran: dict[str, "subprocess.CompletedProcess[str]"], command: str) -> None:
    done = ran[command]
    assert (done.returncode, "" if " batch " in command else done.stderr) == (0, "")
    assert done.stdout or " -o " in command


@pytest.mark.parametrize("code", blocks("python"))
def test_python_of_the_readme(folder: Path, code: str) -> None:
    environment = {**os.environ, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_the_two_commands_that_set_up_everything() -> None:
    """.ci/run runs them; here they must be there, and be the only other ones."""
    others = [command for command in COMMANDS if not command.startswith("policyparse ")]
    assert [bool(re.match(r"python3 -m venv \.venv && \.venv/bin/pip install ", command)) for command in others] == [
        True
    ] * 2
    for name in re.findall(r"samples[/\\]([\w.-]+)", README):
        assert (ROOT / "samples" / name).exists()


def test_every_command_and_exit_code_is_described() -> None:
    from policyparse.cli.commands import main

    for name in main.commands:
        assert f"policyparse {name}" in README


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([\w.]+\.md)\)", README):
        assert (ROOT / link).exists()
