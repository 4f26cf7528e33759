"""Parts of ``rebuild_demo.py``: the carriers the data comes in, and the tables made from it."""
