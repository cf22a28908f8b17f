"""The one exception that means: the visitor sent something we cannot use."""

from __future__ import annotations


class Refused(Exception):
    """An upload or a field that cannot be used.

    status is the HTTP status to answer with, code a word for programs, message a sentence for people.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
