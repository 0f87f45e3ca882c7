"""The fields of an ONNX file that are read or changed here; all others pass through untouched.

ONNX Runtime brings protobuf, in whose format such files are written, but not their description.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

# By message: each field with its number and type, with * where there are several. The numbers and
# names are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
_MESSAGES = {
    "Model": {"graph": (7, "Graph"), "opset_import": (8, "OperatorSet*")},
    "OperatorSet": {"domain": (1, "string"), "version": (2, "int64")},
    "Graph": {"node": (1, "Node*"), "initializer": (5, "Tensor*")},
    "Node": {
        "input": (1, "string*"),
        "output": (2, "string*"),
        "op_type": (4, "string"),
        "attribute": (5, "Attribute*"),
        "domain": (7, "string"),
    },
    "Attribute": {"name": (1, "string"), "ints": (8, "int64*"), "type": (20, "int32")},
    "Tensor": {
        "dims": (1, "int64*"),
        "data_type": (2, "int32"),
        "name": (8, "string"),
        "raw_data": (9, "bytes"),
    },
}
_Field = descriptor_pb2.FieldDescriptorProto
_SIMPLE = {
    "string": _Field.TYPE_STRING,
    "int64": _Field.TYPE_INT64,
    "int32": _Field.TYPE_INT32,
    "bytes": _Field.TYPE_BYTES,
}


def new_model() -> Any:
    """An empty model: ``ParseFromString`` reads a file into it."""
    return message_factory.GetMessageClass(_descriptors().FindMessageTypeByName("onnx.Model"))()


@cache
def _descriptors() -> descriptor_pool.DescriptorPool:
    file = descriptor_pb2.FileDescriptorProto(name="onnx", package="onnx", syntax="proto2")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            several = kind.endswith("*")
            label = _Field.LABEL_REPEATED if several else _Field.LABEL_OPTIONAL
            made = message.field.add(name=field, number=number, label=label)
            kind = kind.removesuffix("*")
            if kind in _SIMPLE:
                made.type = _SIMPLE[kind]
            else:
                made.type, made.type_name = _Field.TYPE_MESSAGE, f".onnx.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool
