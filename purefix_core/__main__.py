"""`python -m purefix_core`: the headless commands, without the screen."""

from purefix_core.cli import main

main()
