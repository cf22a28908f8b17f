"""Rules of one family: Procfile."""
