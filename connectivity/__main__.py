"""Start the command line: ``python -m connectivity``."""

import logging
import os
import sys

from connectivity.cli import INTERRUPTED, main

try:
    main()
except SystemExit as leaving:
    if leaving.code == INTERRUPTED:
        # An interrupt that arrives while a module's code is made from text (dataclasses do) marks the process, and
        # Python then ends it by the signal, whatever was caught. Everything is put away by now: leave with our code.
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)
    raise
