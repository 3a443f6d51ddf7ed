"""`python -m chatanything` is the command `chatanything`."""

from chatanything.cli.main import main

main()
