import model  # noqa: F401  # keeps BLAS to one thread, and so stands before whatever imports NumPy
