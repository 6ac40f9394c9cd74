"""What is stored: articles, passages, vectors, postings, and the snapshots that hold them."""

import os

# Set here, before NumPy and OpenMP are loaded, which read them only then. Questions share the cores: BLAS threads of
# one would spin beside those of another, and OpenMP's that wait are to sleep.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
