"""The fitted pipeline as an ONNX file, held to its own answers."""

import numpy
import onnxruntime
from lightgbm import LGBMClassifier, LGBMRegressor
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
from skl2onnx import convert_sklearn, update_registered_converter
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from skl2onnx.common.shape_calculator import (
    calculate_linear_classifier_output_shapes,
    calculate_linear_regressor_output_shapes,
)
from xgboost import XGBClassifier, XGBRegressor

from contract import Job, TrainingError
from search import answers_of
from thresholds import convert_lightgbm

TARGET_OPSET = {"": 17, "ai.onnx.ml": 3}
CLASSIFIER_OPTIONS = {"nocl": [True, False], "zipmap": [True, False, "columns"]}
# Of a probability; of a value, relative to it.
TOLERANCE = 1e-5


def register_converters() -> None:
    """Teaches skl2onnx the models of the other libraries."""
    classifiers = calculate_linear_classifier_output_shapes
    regressors = calculate_linear_regressor_output_shapes
    update_registered_converter(LGBMClassifier, "LgbmClassifier", classifiers, convert_lightgbm, options=CLASSIFIER_OPTIONS)
    update_registered_converter(LGBMRegressor, "LgbmRegressor", regressors, convert_lightgbm, options={"split": None})
    update_registered_converter(XGBClassifier, "XgbClassifier", classifiers, convert_xgboost, options=CLASSIFIER_OPTIONS)
    update_registered_converter(XGBRegressor, "XgbRegressor", regressors, convert_xgboost)


def to_onnx(pipeline, job: Job) -> bytes:
    """One input [rows, 1] a feature, named as the feature; labels are indices of the manifest's classes."""
    register_converters()
    inputs = [
        (feature["name"], (StringTensorType if feature["type"] == "categorical" else FloatTensorType)([None, 1]))
        for feature in job.manifest["features"]
    ]
    options = {} if job.is_regression else {id(pipeline): {"zipmap": False}}
    return convert_sklearn(pipeline, initial_types=inputs, options=options, target_opset=TARGET_OPSET).SerializeToString()


def check_onnx(onnx: bytes, pipeline, job: Job) -> float:
    """The largest difference of onnxruntime's answers from the pipeline's own, of a value relative to it or to the spread of all. Raises TrainingError beyond the tolerance."""
    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    outputs = [output.name for output in session.get_outputs()]
    rows = {name: job.rows[name].to_numpy().reshape(-1, 1) for name in job.rows}
    found = session.run([outputs[-1]], rows)[0]
    expected = answers_of(pipeline, job, job.rows)
    found = found.reshape(expected.shape)
    if not numpy.isfinite(found).all():
        raise TrainingError("the exported model answers some training rows with NaN or infinity")
    # Sums of float32 err by a share of what is summed: of a value near 0, by more than a share of itself.
    scale = numpy.maximum(numpy.maximum(1, numpy.std(expected)), numpy.abs(expected)) if job.is_regression else 1
    differences = numpy.abs(found - expected) / scale
    by_row = differences.reshape(len(job.rows), -1).max(axis=1)
    different = int((by_row > TOLERANCE).sum())
    if different > 0:
        by = f"by up to {by_row.max():.1e}, {TOLERANCE:.0e} is allowed"
        raise TrainingError(f"the exported model answers {different} of {len(by_row)} rows otherwise than the trained one, {by}")
    return float(by_row.max())
