"""The exit codes of the commands. 0 is done, and `not_found` is an answer too."""

from __future__ import annotations

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_LOCKED = 75  # EX_TEMPFAIL of sysexits.h: another build holds the lock
