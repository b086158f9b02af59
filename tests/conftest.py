import os

import model  # noqa: F401  # keeps BLAS to one thread, and so stands before whatever imports NumPy, as in main.py

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a hundred child processes need not compile the program each
