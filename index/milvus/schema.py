"""Create the collections of `index.milvus.layout`."""

from __future__ import annotations

from typing import Any

from index.milvus import layout
from index.milvus.connection import Connection


def create_passages(connection: Connection, collection: str, dimension: int, rows: int) -> None:
    """Create the collection of passages, unless it is there."""
    from pymilvus import DataType, MilvusClient  # late: only who uses Milvus has it

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(layout.ROW, DataType.INT64, is_primary=True)
    schema.add_field(layout.VECTOR, DataType.FLOAT_VECTOR, dim=dimension)
    schema.add_field(layout.TERMS, DataType.SPARSE_FLOAT_VECTOR)
    for field in (layout.ARTICLE, layout.SOURCE, layout.DAY):
        schema.add_field(field, DataType.INT32)
    indexes = MilvusClient.prepare_index_params()
    indexes.add_index(layout.VECTOR, metric_type="IP", **layout.dense_index(rows))
    indexes.add_index(layout.TERMS, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    for field in (layout.ARTICLE, layout.SOURCE, layout.DAY):
        indexes.add_index(field, index_type="INVERTED")
    _create(connection, collection, schema, indexes)


def create_texts(connection: Connection, collection: str) -> None:
    """Create the collection of texts, unless it is there."""
    from pymilvus import DataType, MilvusClient

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(layout.KEY, DataType.INT64, is_primary=True)
    schema.add_field(layout.PARTS, DataType.INT32)
    schema.add_field(layout.BODY, DataType.VARCHAR, max_length=65_535)
    _create(connection, collection, schema, _with_no_vector(schema))


def create_readers(connection: Connection, collection: str) -> None:
    """Create the collection of readers, unless it is there."""
    from pymilvus import DataType, MilvusClient

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(layout.READER, DataType.VARCHAR, max_length=64, is_primary=True)
    schema.add_field(layout.GENERATION, DataType.VARCHAR, max_length=128)
    schema.add_field(layout.EXPIRES, DataType.INT64)
    _create(connection, collection, schema, _with_no_vector(schema))


def _with_no_vector(schema: Any) -> Any:
    from pymilvus import DataType, MilvusClient

    schema.add_field(layout.NOTHING, DataType.FLOAT_VECTOR, dim=len(layout.NO_VECTOR))
    indexes = MilvusClient.prepare_index_params()
    indexes.add_index(layout.NOTHING, index_type="FLAT", metric_type="IP")
    return indexes


def _create(connection: Connection, collection: str, schema: Any, indexes: Any) -> None:
    if not connection.read("has_collection", collection):
        connection.write("create_collection", collection, schema=schema)
    # Also where the collection is there: whoever made it may have been killed before its indexes.
    for index in indexes:
        if not connection.read("list_indexes", collection, field_name=index.field_name):
            only = type(indexes)()
            only.append(index)
            # The collection is empty: there is nothing to wait for, and pymilvus would wait half a second for each.
            connection.write("create_index", collection, only, sync=False)
    connection.write("load_collection", collection)
