"""Proof: an app as it is and as the fixes make it, both run under a real server, measured and compared.

Nothing here is imported by `bpopt check`. This is the only room of bpopt that runs a user's code.
"""
