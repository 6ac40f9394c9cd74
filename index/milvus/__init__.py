"""Keep generations in Milvus, a distributed vector database (Apache 2.0), for several servers or large archives.

Needs the extra `scale` (`pip install musnad[scale]`). docs/scale.md describes it.
"""
