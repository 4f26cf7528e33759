"""Start the command line: ``python -m connectivity``."""

from connectivity.cli import main

main()
