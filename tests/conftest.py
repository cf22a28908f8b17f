"""What all tests share: examples that do not change from run to run where CI runs them."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

# At a desk each run tries other examples and may find something new; CI must not fail for what nobody changed.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("desk", deadline=None)
# A shell has what it starts in the background ignore Ctrl-C, and so would all that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
