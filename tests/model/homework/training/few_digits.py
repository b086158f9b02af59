"""`main.py` for a child process that trains, with few digits, which are there much sooner."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[4])

from main import main  # noqa: E402
from model.homework import judge  # noqa: E402

judge.NUMBERS = (judge.NUMBERS[0], judge.NUMBERS[0])

sys.exit(main())
