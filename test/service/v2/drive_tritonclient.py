"""Drives a service that has the test models flowers and houses with NVIDIA's HTTP client. Prints prediction ids as JSON."""

import json
import sys

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

client = triton.InferenceServerClient(sys.argv[1])
prediction_ids = []


def tensor(name, array, datatype, binary):
    given = triton.InferInput(name, array.shape, datatype)
    given.set_data_from_numpy(array, binary_data=binary)
    return given


def infer(model, inputs, **options):
    result = client.infer(model, inputs, **options)
    prediction_ids.extend(result.get_response()["parameters"]["prediction_ids"].split(","))
    return result


def refused(call, *texts):
    try:
        call()
    except InferenceServerException as error:
        assert all(text in str(error) for text in texts), error
        return
    raise AssertionError(f"nothing was raised; wanted {texts}")


assert client.is_server_live() and client.is_server_ready()
assert client.is_model_ready("flowers") and client.is_model_ready("flowers", "1")
assert not client.is_model_ready("flowers", "2") and not client.is_model_ready("oaks")
assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
metadata = client.get_model_metadata("flowers", "1")
assert metadata["platform"] == "onnx_onnxv1" and metadata["inputs"][0]["shape"] == [-1, 3], metadata
assert [entry["state"] for entry in client.get_model_repository_index()] == ["READY", "READY"]
client.load_model("flowers")
refused(lambda: client.unload_model("flowers"), "[400]", "follows the registry")

rows = np.array([[7, 2, 1], [1, 1, np.nan]], dtype=np.float32)
both = [("label", "probabilities"), ("probabilities",)]
answers = []
for binary in (True, False):
    given = rows if binary else np.array([[7, 2, 1], [1, 1, 1]], dtype=np.float32)
    for names in (None, *both):
        for packed in (None, "gzip", "deflate"):
            outputs = names and [triton.InferRequestedOutput(name, binary_data=binary) for name in names]
            result = infer(
                "flowers",
                [tensor("features", given, "FP32", binary)],
                outputs=outputs,
                request_id="seven",
                model_version="1",
                request_compression_algorithm=packed,
                response_compression_algorithm=packed,
            )
            assert result.get_response()["id"] == "seven" and result.get_response()["model_version"] == "1"
            probabilities = result.as_numpy("probabilities")
            assert probabilities.dtype == np.float32 and probabilities.shape == (2, 3)
            assert np.allclose(probabilities.sum(axis=1), 1)
            if names != ("probabilities",):
                labels = [x.decode() if isinstance(x, bytes) else x for x in result.as_numpy("label").tolist()]
                assert labels == ["tulip", "iris"], labels
            answers.append(probabilities[0])
assert len(answers) == 18 and all(np.array_equal(answer, answers[0]) for answer in answers)

large = np.tile(rows[0], (5000, 1))
result = infer("flowers", [tensor("features", large, "FP32", True)], response_compression_algorithm="gzip")
assert result.as_numpy("probabilities").shape == (5000, 3)

for binary in (True, False):
    columns = [
        tensor("area", np.array([[100.5], [200.25]], dtype=np.float64), "FP64", binary),
        tensor("garden", np.array([[True], [False]]), "BOOL", binary),
        tensor("district", np.array([["old town"], ["north"]], dtype=np.object_), "BYTES", binary),
        tensor("heating/type", np.array([["gas"], ['heat "pump"']], dtype=np.object_), "BYTES", binary),
    ]
    value = infer("houses", columns, parameters={"tenant": "a"})
    assert value.get_response()["parameters"]["tenant"] == "a"
    assert value.as_numpy("value").shape == (2, 1) and value.as_numpy("value").dtype == np.float32

waiting = [client.async_infer("flowers", [tensor("features", rows, "FP32", True)]) for _ in range(20)]
for each in waiting:
    prediction_ids.extend(each.get_result().get_response()["parameters"]["prediction_ids"].split(","))

flowers = lambda *shape: [tensor("features", np.ones(shape, dtype=np.float32), "FP32", True)]
refused(lambda: client.infer("oaks", flowers(1, 3)), "[404]", "Request for unknown model")
refused(lambda: client.infer("flowers", flowers(1, 3), model_version="9"), "[404]", "not found")
refused(lambda: client.infer("flowers", flowers(1, 4)), "[400]", "wanted [rows, 3]")
refused(lambda: client.infer("flowers", [tensor("petals", rows, "FP32", True)]), "[400]", "petals")
refused(lambda: client.infer("flowers", [tensor("features", rows, "FP32", False)]), "[400]", "not valid JSON")
unknown = [triton.InferRequestedOutput("logits")]
refused(lambda: client.infer("flowers", flowers(1, 3), outputs=unknown), "[400]", "logits")
print(json.dumps(prediction_ids))
