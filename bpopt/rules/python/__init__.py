"""Rules of one family: Python version and package manager."""
