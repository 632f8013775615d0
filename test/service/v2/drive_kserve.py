"""Drives a service that has the test models flowers and houses with KServe's client. Prints prediction ids as JSON."""

import asyncio
import json
import sys

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

base = f"http://{sys.argv[1]}"
prediction_ids = []


def tensor(name, array, datatype, binary):
    given = InferInput(name, list(array.shape), datatype)
    given.set_data_from_numpy(array, binary_data=binary)
    return given


async def infer(client, model, inputs, **options):
    answer = await client.infer(base, InferRequest(model, inputs, **options), model_name=model)
    prediction_ids.extend(answer.parameters["prediction_ids"].split(","))
    return answer


async def refused(call, status, text):
    try:
        await call
    except httpx.HTTPStatusError as error:
        assert error.response.status_code == status and text in str(error), error
        return
    raise AssertionError(f"nothing was raised; wanted {status} {text}")


async def drive(client):
    assert await client.is_server_live(base) and await client.is_server_ready(base)
    assert await client.is_model_ready(base, "flowers") and not await client.is_model_ready(base, "oaks")

    rows = np.array([[7, 2, 1], [1, 1, 1]], dtype=np.float32)
    answers = []
    for datatype, kind, binary in [
        ("FP32", np.float32, True),
        ("FP32", np.float32, False),
        ("FP64", np.float64, True),
        ("FP16", np.float16, True),
        ("INT64", np.int64, True),
        ("INT64", np.int64, False),
    ]:
        for outputs in (None, [RequestedOutput("probabilities", {"binary_data": binary}), RequestedOutput("label")]):
            inputs = [tensor("features", rows.astype(kind), datatype, binary)]
            answer = await infer(client, "flowers", inputs, request_id="seven", request_outputs=outputs)
            # The client keeps no model_version of a REST answer.
            assert (answer.id, answer.model_name) == ("seven", "flowers")
            found = {output.name: output.as_numpy() for output in answer.outputs}
            assert list(found) == (["probabilities", "label"] if outputs else ["label", "probabilities"])
            labels = [x.decode() if isinstance(x, bytes) else x for x in found["label"].tolist()]
            assert labels == ["tulip", "iris"], labels
            assert found["probabilities"].shape == (2, 3)
            answers.append(found["probabilities"])
    assert len(answers) == 12 and all(np.array_equal(answer, answers[0]) for answer in answers)

    generated = await infer(client, "flowers", [tensor("features", rows, "FP32", True)], parameters={"tenant": "a"})
    assert generated.id and generated.parameters["tenant"] == "a"

    columns = [
        tensor("area", np.array([[100.5]], dtype=np.float64), "FP64", True),
        tensor("garden", np.array([[True]]), "BOOL", False),
        tensor("district", np.array([["old town"]], dtype=np.object_), "BYTES", True),
        tensor("heating/type", np.array([["gas"]], dtype=np.object_), "BYTES", False),
    ]
    house = await infer(client, "houses", columns)
    assert house.outputs[0].as_numpy().shape == (1, 1)

    flowers = [tensor("features", rows, "FP32", True)]
    await refused(infer(client, "oaks", flowers), 404, "Request for unknown model")
    await refused(infer(client, "houses", flowers), 400, "no input of this model")
    wide = [tensor("features", np.ones((1, 4), dtype=np.float32), "FP32", True)]
    await refused(infer(client, "flowers", wide), 400, "wanted [rows, 3]")
    await refused(client.infer(base, {"inputs": 7}, model_name="flowers"), 400, "wanted an array of tensors")


async def main():
    async with InferenceRESTClient(RESTConfig(protocol="v2")) as client:
        await drive(client)
    print(json.dumps(prediction_ids))


asyncio.run(main())
