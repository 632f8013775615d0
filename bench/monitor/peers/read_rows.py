"""Reads the rows that bench/monitor/export-rows.ts wrote: doubles, one column after the other."""

import json

import numpy
import pandas


def read_rows(folder):
    """@returns reference and current as data frames; categories are text."""
    description = json.load(open(f"{folder}/rows.json"))
    frames = []
    for part in ("reference", "current"):
        rows = description[part]
        values = numpy.fromfile(f"{folder}/{part}.f64").reshape(len(description["columns"]), rows)
        columns = {}
        for column, cells in zip(description["columns"], values):
            text = column["categories"]
            columns[column["name"]] = numpy.array(text, dtype=object)[cells.astype(int)] if text else cells
        frames.append(pandas.DataFrame(columns))
    return frames
