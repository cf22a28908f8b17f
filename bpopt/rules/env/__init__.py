"""Rules of one family: Environment settings."""
