"""Rules of one family: Requirements against system libraries and platforms."""
