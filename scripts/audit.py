"""Look the installed packages up in the database of known vulnerabilities, through pip-audit.

pip-audit is content when the database knows none of the packages, as behind a mirror that does not serve it;
here a package that was not looked up is a failure.

Usage: python scripts/audit.py PIP_AUDIT FOLDER
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

_OURS: Final = "chatanything"
"""Not in any database: it is what is being built."""


def judged(report: dict[str, Any]) -> tuple[list[str], list[str]]:
    """What is known of the packages.

    Args:
        report: As pip-audit writes it with `--format json`.

    Returns:
        A line for each vulnerability, and the packages that were not looked up.
    """
    packages = [one for one in report["dependencies"] if one["name"] != _OURS]
    found = [
        f"{one['name']} {one['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'none'}"
        for one in packages
        for flaw in one.get("vulns", ())
    ]
    return found, [one["name"] for one in packages if "skip_reason" in one]


def main(tool: str, folder: str) -> int:
    """Audit a folder of packages; 0 if each was looked up and none is vulnerable."""
    done = subprocess.run(
        [tool, "--path", folder, "--format", "json", "--progress-spinner", "off"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        report = json.loads(done.stdout)
    except ValueError:
        sys.stderr.write(f"{done.stderr.strip()[-2000:]}\naudit: no report; nothing was checked\n")
        return 2
    flaws, unknown = judged(report)
    total = len(report["dependencies"])
    sys.stdout.writelines(f"{line}\n" for line in flaws)
    if unknown:
        sys.stderr.write(
            f"audit: {len(unknown)} of {total} packages could not be looked up, {unknown[0]} the first; the "
            "database was not reached, or does not know them\n"
        )
        return 2
    sys.stdout.write(f"audit: {total} packages looked up, {len(flaws)} known vulnerabilities\n")
    return 1 if flaws else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
