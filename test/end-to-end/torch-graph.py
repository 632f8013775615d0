"""Stands in for the PyTorch script of docs/adopting.md, since torch from PyPI is gigabytes: the same rows and the same network,
trained by scikit-learn, in the graph that torch.onnx.export makes of it. Writes the same files and prints the same answer."""

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

rows = load_iris(as_frame=True).frame
train, test = train_test_split(rows, random_state=1)
features = train.drop(columns="target").to_numpy("float32")
network = MLPClassifier([16], solver="lbfgs", max_iter=300, random_state=1).fit(features, train["target"])

# As torch.nn.Linear keeps them: weights [out, in].
names = [("0.weight", network.coefs_[0].T), ("0.bias", network.intercepts_[0])]
names += [("2.weight", network.coefs_[1].T), ("2.bias", network.intercepts_[1])]
weights = [numpy_helper.from_array(numpy.ascontiguousarray(values, "float32"), name) for name, values in names]
gemm = {"alpha": 1.0, "beta": 1.0, "transB": 1}
nodes = [
    helper.make_node("Gemm", ["input", "0.weight", "0.bias"], ["/0/Gemm_output_0"], name="/0/Gemm", **gemm),
    helper.make_node("Relu", ["/0/Gemm_output_0"], ["/1/Relu_output_0"], name="/1/Relu"),
    helper.make_node("Gemm", ["/1/Relu_output_0", "2.weight", "2.bias"], ["output"], name="/2/Gemm", **gemm),
]
inputs = [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["rows", 4])]
outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["rows", 3])]
graph = helper.make_graph(nodes, "main_graph", inputs, outputs, weights)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10, producer_name="pytorch")
onnx.checker.check_model(model, full_check=True)
onnx.save(model, "model.onnx")

train.to_csv("train.csv", index=False)
test.to_csv("test.csv", index=False)
first = test.drop(columns="target")[:1].to_numpy("float32")
print(network.predict_proba(first)[0].tolist())
