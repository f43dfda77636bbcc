"""Makes `.venv` from a lock file: `python3 scripts/environment.py requirements.txt`.

Runs with the system's Python and nothing else. Does nothing when the environment already holds
what the lock says. Where Debian's python3-venv is missing there is no `ensurepip`; then the
environment is made without pip and the system's pip installs into it.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
RUNTIME_LOCK = "requirements.txt"
# A user's or a company's pip configuration must not send the packages elsewhere.
ENVIRONMENT = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def succeeds(command: Sequence[str | Path]) -> bool:
    try:
        subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def fingerprint(lock: str) -> str:
    """SHA-256 of the lock file; changes when there is something to install."""
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def stamp(lock: str) -> Path:
    """The note inside the environment that says which version of the lock it holds."""
    return VENV / f"installed-{lock}.sha256"


def is_current(lock: str) -> bool:
    note = stamp(lock)
    same = note.is_file() and note.read_text() == fingerprint(lock)
    return same and succeeds([VENV_PYTHON, "-c", ""])


def create() -> None:
    """An empty environment at `.venv`, with its own pip where Python can provide one."""
    if succeeds([VENV_PYTHON, "-c", ""]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if succeeds([sys.executable, "-m", "venv", str(VENV)]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if not succeeds([sys.executable, "-m", "venv", "--without-pip", str(VENV)]):
        create_by_hand()


def create_by_hand() -> None:
    """What `venv --without-pip` would do, for a Python that comes without that module."""
    shutil.rmtree(VENV, ignore_errors=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (VENV / "lib" / version / "site-packages").mkdir(parents=True)
    VENV_PYTHON.parent.mkdir()
    interpreter = Path(sys.executable).resolve()
    VENV_PYTHON.symlink_to(interpreter)
    (VENV / "pyvenv.cfg").write_text(
        f"home = {interpreter.parent}\ninclude-system-site-packages = false\n"
    )


def pip() -> list[str]:
    """The pip command that installs into `.venv`: its own, else the system's."""
    own = [str(VENV_PYTHON), "-m", "pip"]
    if succeeds([*own, "--version"]):
        return own
    for system in ([sys.executable, "-m", "pip"], ["pip3"], ["pip"]):
        command = [*system, "--python", str(VENV_PYTHON)]
        if succeeds([*command, "--version"]):
            return command
    sys.exit(
        "No pip 22.3 or newer was found to install the packages.\n"
        "On Debian and Ubuntu: apt-get install python3-pip"
    )


def main() -> None:
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.")
    lock = sys.argv[1]
    with (ROOT / lock).open() as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if is_current(lock):
            return
        print(f"Installing the packages of {lock} into .venv (once, a minute or so) …", flush=True)
        create()
        install = [*pip(), "install", "--quiet", "--require-hashes", "-r", str(ROOT / lock)]
        finished = subprocess.run(install, env=ENVIRONMENT, check=False)
        if finished.returncode:
            sys.exit("The packages could not be installed; see above.")
        # The development lock holds everything of the runtime lock.
        for held in {lock, RUNTIME_LOCK}:
            stamp(held).write_text(fingerprint(held))


if __name__ == "__main__":
    main()
