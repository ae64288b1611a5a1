"""Removes from model files what an exporter notes of the machine: stack traces with its paths, and other descriptions.

python strip_traces.py <model.onnx> …
"""

import sys

import onnx
from google.protobuf.message import Message


def strip(message: Message):
    for field, value in message.ListFields():
        if field.name in ('metadata_props', 'doc_string'):
            message.ClearField(field.name)
        elif field.message_type is not None:
            for part in value if not isinstance(value, Message) else [value]:
                strip(part)


for path in sys.argv[1:]:
    model = onnx.load(path)
    strip(model)
    onnx.save(model, path)
