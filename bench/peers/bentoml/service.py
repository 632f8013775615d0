"""BentoML services on onnxruntime, plain and with adaptive batching: `MODEL_FOLDER=… bentoml serve service:Wine` (or WineBatching)."""

import os

import bentoml
import numpy
import onnxruntime


SETTINGS = {"workers": 1, "logging": {"access": {"enabled": False}}, "traffic": {"timeout": 60}}


def open_session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    path = f"{os.environ['MODEL_FOLDER']}/model.onnx"
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


@bentoml.service(**SETTINGS)
class Wine:
    def __init__(self) -> None:
        self.session = open_session()

    @bentoml.api
    async def predict(self, row: dict[str, float]) -> dict:
        features = numpy.array([list(row.values())], dtype=numpy.float32)
        label, probabilities = self.session.run(["label", "probabilities"], {"features": features})
        return {"label": str(label[0]), "probabilities": probabilities[0].tolist()}


@bentoml.service(**SETTINGS)
class WineBatching:
    def __init__(self) -> None:
        self.session = open_session()

    @bentoml.api(batchable=True, max_batch_size=32, max_latency_ms=1000)
    async def predict(self, rows: list[dict[str, float]]) -> list[dict]:
        features = numpy.array([list(row.values()) for row in rows], dtype=numpy.float32)
        labels, probabilities = self.session.run(["label", "probabilities"], {"features": features})
        return [{"label": str(label), "probabilities": row} for label, row in zip(labels, probabilities.tolist())]
