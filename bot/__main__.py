"""`python -m bot`."""

import os
import sys

from bot.cli import main
from bot.watch import logs

if __name__ == "__main__":
    logs.set_up(os.environ.get("LOG_FORMAT", logs.TEXT))
    logs.catch_the_rest()
    sys.exit(main())
