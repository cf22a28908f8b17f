"""Rules of one family: The gunicorn command line and configuration."""
