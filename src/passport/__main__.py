"""``python -m passport`` is the command ``building-passport``."""

from passport.cli import main

main()
