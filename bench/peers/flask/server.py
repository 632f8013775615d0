"""Flask + LightGBM's own predict_proba(DataFrame), under gunicorn: `MODEL_FOLDER=… gunicorn server:app`."""

import os
import pickle
from pathlib import Path

import pandas
from flask import Flask, jsonify, request

classifier = pickle.loads((Path(os.environ["MODEL_FOLDER"]) / "classifier.pickle").read_bytes())
columns = classifier.feature_name_
app = Flask(__name__)


@app.get("/ready")
def ready():
    return jsonify(ready=True)


@app.post("/predict")
def predict():
    frame = pandas.DataFrame([request.get_json()], columns=columns)
    probabilities = classifier.predict_proba(frame)[0]
    return jsonify(label=str(classifier.classes_[probabilities.argmax()]), probabilities=probabilities.tolist())
