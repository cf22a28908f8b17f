"""One module per file format: text to values with exact spans. No parser raises, whatever the bytes."""
