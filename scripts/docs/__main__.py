"""`python -m scripts.docs reference` writes what is made from the code, `... site` builds the site."""

from __future__ import annotations

import sys

from scripts.docs import site
from scripts.docs.generated import ROOT, generated


def main() -> int:
    """Run one of the two."""
    match sys.argv[1:]:
        case ["reference"]:
            for name, make in generated().items():
                path = ROOT / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(make(), encoding="utf-8")
                print(name)  # noqa: T201
            return 0
        case ["site"]:
            return site.build()
    print(__doc__, file=sys.stderr)  # noqa: T201
    return 2


sys.exit(main())
