"""The network and its training, in NumPy alone."""

import os

# The matrices are small: handing each product to several threads makes it several times slower.
# OpenBLAS reads this once, when NumPy is first imported, so it stands before any other import.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
