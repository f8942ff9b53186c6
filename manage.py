#!/usr/bin/env python
"""The door: ``manage.py COMMAND``."""

import os
import sys
from pathlib import Path

OWN_SETTINGS = ("SECRET_KEY", "DEMO", "ENV_FILE")


def is_trial() -> bool:
    """As ``make run`` has it: a checkout without settings of its own is a trial. A server is never one unasked."""
    return not any(name in os.environ for name in OWN_SETTINGS) and not Path(__file__).with_name(".env").exists()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if is_trial():
        os.environ["DEMO"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
