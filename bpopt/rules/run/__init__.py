"""Rules of one family: The run itself: syntax, files, suppressions."""
