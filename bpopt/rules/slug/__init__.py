"""Rules of one family: What ships: .slugignore and large files."""
