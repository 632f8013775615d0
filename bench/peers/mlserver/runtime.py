"""A custom MLServer runtime: one float tensor in, label and probabilities out, by onnxruntime."""

import numpy
import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse


class OnnxRuntime(MLModel):
    async def load(self) -> bool:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        path = self.settings.parameters.uri
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        features = NumpyCodec.decode_input(payload.inputs[0]).astype(numpy.float32)
        label, probabilities = self._session.run(["label", "probabilities"], {"features": features})
        return InferenceResponse(
            model_name=self.name,
            outputs=[
                StringCodec.encode_output("label", [str(value) for value in label]),
                NumpyCodec.encode_output("probabilities", probabilities),
            ],
        )
