"""Asks a server through tritonclient and KServe's client, unchanged, in every form that they have.

usage: clients.py http://host:port rows.json credit.json

Prints one JSON object: what each form answered.
"""

import asyncio
import json
import sys

import numpy as np
import tritonclient.http as triton
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

MODEL = "cancer"
url = sys.argv[1]
rows = np.array(json.load(open(sys.argv[2])), dtype=np.float32)
credit = json.load(open(sys.argv[3]))
answers = {}


def with_triton():
    client = triton.InferenceServerClient(url.removeprefix("http://"))
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(MODEL)
    answers["server"] = client.get_server_metadata()
    metadata = client.get_model_metadata(MODEL)
    answers["model"] = metadata
    version = metadata["versions"][0]
    assert client.is_model_ready(MODEL, version)
    [declared] = metadata["inputs"]
    output = metadata["outputs"][0]["name"]
    assert declared["datatype"] == "FP32" and declared["shape"] == [-1, rows.shape[1]]

    def tensor(values, binary, datatype="FP32"):
        own = triton.InferInput(declared["name"], values.shape, datatype)
        return own.set_data_from_numpy(values, binary_data=binary)

    def ask(name, values, binary, wanted, datatype="FP32", **more):
        outputs = None if wanted is None else [triton.InferRequestedOutput(output, binary_data=wanted)]
        result = client.infer(MODEL, [tensor(values, binary, datatype)], outputs=outputs, **more)
        answers[name] = result.as_numpy(output).tolist()

    ask("triton json json", rows, False, False, request_id="7")
    ask("triton json binary", rows, False, True)
    ask("triton binary json", rows, True, False)
    ask("triton binary binary", rows, True, True, model_version=version)
    ask("triton binary all", rows, True, None)
    ask("triton gzip", rows, True, None, request_compression_algorithm="gzip")
    ask("triton deflate", rows, True, None, request_compression_algorithm="deflate")
    ask("triton double", rows.astype(np.float64), True, None, datatype="FP64")
    later = client.async_infer(MODEL, [tensor(rows, True)])
    answers["triton async"] = later.get_result().as_numpy(output).tolist()

    refused = rows.copy()
    refused[0, 0] = np.nan
    for name, values in (("NaN", refused), ("range", rows * 1e6)):
        try:
            ask(name, values, True, None)
        except triton.InferenceServerException as error:
            answers[f"triton {name}"] = f"{error.status()} {error.message()[:6]}"
    client.close()


def with_texts():
    client = triton.InferenceServerClient(url.removeprefix("http://"))
    declared = client.get_model_metadata("credit")["inputs"]
    numpy_of = {"BYTES": np.object_, "INT64": np.int64, "FP32": np.float32}
    for binary in (True, False):
        tensors = []
        for own in declared:
            values = np.array([[row[own["name"]]] for row in credit], dtype=numpy_of[own["datatype"]])
            tensor = triton.InferInput(own["name"], values.shape, own["datatype"])
            tensors.append(tensor.set_data_from_numpy(values, binary_data=binary))
        outputs = [triton.InferRequestedOutput(name, binary_data=binary) for name in ("label", "label_name")]
        result = client.infer("credit", tensors, outputs=outputs)
        texts = [text.decode() if isinstance(text, bytes) else text for text in result.as_numpy("label_name").tolist()]
        answers[f"triton texts {'binary' if binary else 'json'}"] = [result.as_numpy("label").tolist(), texts]
    client.close()


async def with_kserve():
    client = InferenceRESTClient(config=RESTConfig(protocol="v2", timeout=60))
    assert await client.is_server_live(url) and await client.is_server_ready(url)
    assert await client.is_model_ready(url, MODEL)
    name = answers["model"]["outputs"][0]["name"]
    for binary in (True, False):
        for wanted in (True, False):
            tensor = InferInput("input", list(rows.shape), "FP32")
            tensor.set_data_from_numpy(rows, binary_data=binary)
            outputs = [RequestedOutput(name, parameters={"binary_data": wanted})]
            request = InferRequest(MODEL, [tensor], request_id="8", request_outputs=outputs)
            response = await client.infer(url, request, model_name=MODEL)
            words = ["binary" if own else "json" for own in (binary, wanted)]
            answers[f"kserve {' '.join(words)}"] = response.outputs[0].as_numpy().tolist()
    await client.close()


with_triton()
with_texts()
asyncio.run(with_kserve())
print(json.dumps(answers))
