"""FastAPI + uvicorn + onnxruntime, as a careful team writes it. Usage: server.py FOLDER PORT."""

import sys

import numpy
import onnxruntime
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

folder, port = sys.argv[1], int(sys.argv[2])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(f"{folder}/model.onnx", options, providers=["CPUExecutionProvider"])
app = FastAPI()


class Wine(BaseModel):
    fixed_acidity: float
    volatile_acidity: float
    citric_acid: float
    residual_sugar: float
    chlorides: float
    free_sulfur_dioxide: float
    total_sulfur_dioxide: float
    density: float
    ph: float
    sulphates: float
    alcohol: float


@app.get("/ready")
async def ready():
    return {"ready": True}


# `async def`: a thread of the pool for each request costs more than the 60 microseconds of the run.
@app.post("/predict")
async def predict(wine: Wine):
    features = numpy.array([list(wine.__dict__.values())], dtype=numpy.float32)
    label, probabilities = session.run(["label", "probabilities"], {"features": features})
    return {"label": str(label[0]), "probabilities": probabilities[0].tolist()}


uvicorn.run(app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning")
