"""Parts of ``rebuild_demo.py``: the carriers the data comes in, and the tables made from it."""

import sys
from pathlib import Path

# Who is coastal is decided by the one rule a build goes by, layers.coast, which stands beside this folder's parent.
sys.path.append(str(Path(__file__).resolve().parents[2]))
