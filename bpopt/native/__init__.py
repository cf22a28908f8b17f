"""Which shared libraries and programs Python packages need, and which package or image provides them.

`table` answers from shipped data and is what rules ask; `scan` reads wheels and installed environments (with
pyelftools, the extra `native`); `build` makes the shipped data.
"""
