"""The same, with each prediction inserted into Postgres before the answer, and request metrics. Usage: server.py FOLDER PORT DATABASE_URL."""

import sys
from contextlib import asynccontextmanager

import asyncpg
import numpy
import onnxruntime
import uvicorn
from fastapi import FastAPI
from prometheus_fastapi_instrumentator import Instrumentator
from pydantic import BaseModel

folder, port, database_url = sys.argv[1], int(sys.argv[2]), sys.argv[3]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(f"{folder}/model.onnx", options, providers=["CPUExecutionProvider"])

CREATE = """create table if not exists peer_predictions (
  id bigint generated always as identity primary key, requested_at timestamptz not null default now(),
  features real[] not null, label text not null, probabilities real[] not null)"""
INSERT = "insert into peer_predictions (features, label, probabilities) values ($1, $2, $3)"


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with asyncpg.create_pool(database_url, min_size=10, max_size=10) as pool:
        await pool.execute(CREATE)
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)
Instrumentator().instrument(app).expose(app)


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


@app.post("/predict")
async def predict(wine: Wine):
    values = list(wine.__dict__.values())
    features = numpy.array([values], dtype=numpy.float32)
    labels, rows = session.run(["label", "probabilities"], {"features": features})
    label, probabilities = str(labels[0]), rows[0].tolist()
    await app.state.pool.execute(INSERT, values, label, probabilities)
    return {"label": label, "probabilities": probabilities}


uvicorn.run(app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning")
