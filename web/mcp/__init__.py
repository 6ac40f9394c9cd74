"""The tools of `qa/tools.py` over the Model Context Protocol."""
