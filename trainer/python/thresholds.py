"""Trees of double precision in an ONNX graph that compares numbers of single precision."""

import numpy
from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm as convert_with_doubles


def float32_at_most(thresholds) -> numpy.ndarray:
    """The greatest float32 not above each threshold. A float32 number is at most the one exactly where it is at most the other."""
    exact = numpy.asarray(thresholds, dtype=numpy.float64)
    with numpy.errstate(over="ignore"):
        rounded = exact.astype(numpy.float32)
    return numpy.where(rounded > exact, numpy.nextafter(rounded, numpy.float32(-numpy.inf)), rounded)


class Float32Container:
    """What a converter adds its nodes to, with the thresholds of `<=` rounded down in place of to the nearest float32."""

    def __init__(self, container):
        self._container = container

    def __getattr__(self, name):
        return getattr(self._container, name)

    def add_node(self, *arguments, **attributes):
        if "nodes_values" in attributes:
            values = numpy.asarray(attributes["nodes_values"], dtype=numpy.float64)
            at_most = numpy.asarray(attributes["nodes_modes"]) == "BRANCH_LEQ"
            attributes["nodes_values"] = numpy.where(at_most, float32_at_most(values), values).tolist()
        self._container.add_node(*arguments, **attributes)


def convert_lightgbm(scope, operator, container) -> None:
    """The converter of onnxmltools, for features that are float32. (XGBoost's thresholds are float32 themselves, and
    skl2onnx rounds those of a forest down.)"""
    convert_with_doubles(scope, operator, Float32Container(container))
