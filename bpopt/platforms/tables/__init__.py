"""Platform facts as Python literals, written by `python -m bpopt.platforms.build`."""
