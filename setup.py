"""Puts weights.lock, which lives at the root, into the built package."""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithLock(build_py):
    """Copies the lock beside the module that reads it; a checkout is read in place."""

    def run(self) -> None:
        """Build, then add the file."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "chatanything" / "weights" / "weights.lock"
            self.copy_file("weights.lock", str(target))


setup(cmdclass={"build_py": BuildWithLock})
