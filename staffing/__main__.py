"""``python -m staffing`` is the ``staffing`` command."""

from staffing.cli import main

main()
