"""Read, index and store articles: passages, vectors and postings, kept together in snapshots."""

import os

# Set before NumPy and OpenMP load, because they read these variables only then. Questions are answered side by side on
# the same cores: BLAS threads of one question would take time from another, and idle OpenMP threads must sleep instead
# of spinning.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
