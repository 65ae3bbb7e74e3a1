#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

from caucasus import local

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
    local.prepare_command(sys.argv)
    execute_from_command_line(sys.argv)
