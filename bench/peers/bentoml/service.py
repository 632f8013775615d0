"""A BentoML service on onnxruntime: `MODEL_FOLDER=… bentoml serve service:Wine`."""

import os

import bentoml
import numpy
import onnxruntime


@bentoml.service(workers=1, logging={"access": {"enabled": False}}, traffic={"timeout": 60})
class Wine:
    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        path = f"{os.environ['MODEL_FOLDER']}/model.onnx"
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    @bentoml.api
    async def predict(self, row: dict[str, float]) -> dict:
        features = numpy.array([list(row.values())], dtype=numpy.float32)
        label, probabilities = self.session.run(["label", "probabilities"], {"features": features})
        return {"label": str(label[0]), "probabilities": probabilities[0].tolist()}
