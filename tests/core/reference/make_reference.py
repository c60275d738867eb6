"""Writes reference.json: figures of independent programs that the measurement model must agree with.

Not run by the tests and not installed by them: `pip install catsim girth numpy scipy`, then
`python tests/core/reference/make_reference.py`. The 3PL curves and information are catsim's, one-dimensional abilities
are girth's, and the abilities of all eight dimensions are integrated by importance sampling with numpy, which shares
no code and no grid with the project. Part credit follows the published formula (Muraki 1992) written anew with numpy.
"""

# mypy: ignore-errors

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from catsim import irt
from girth import ability_3pl_eap

RNG = np.random.default_rng(20261124)
THETAS = [-3.0, -1.5, -0.4, 0.0, 0.7, 1.6, 3.0]
A, R, STEP = 1.2, 0.6, 0.6
SAMPLES = 4_000_000


def curves() -> list[dict[str, object]]:
    found = []
    for b, c in [(-1.8, 0.25), (-0.9, 0.0), (0.0, 0.25), (0.9, 0.2), (1.8, 0.0)]:
        found.append(
            {
                "b": b,
                "c": c,
                "right": [float(irt.icc(t, A, b, c)) for t in THETAS],
                "information": [float(irt.inf(t, A, b, c)) for t in THETAS],
            }
        )
    return found


def part_credit(theta: np.ndarray | float, b: float) -> np.ndarray:
    """Return P(0), P(1), P(2) by the published sum over steps."""
    steps = np.array([b - STEP, b + STEP])
    sums = [np.zeros_like(np.asarray(theta, dtype=float))]
    for step in steps:
        sums.append(sums[-1] + A * (theta - step))
    weights = np.exp(np.stack(sums))
    return weights / weights.sum(axis=0)


def one_dimension() -> list[dict[str, object]]:
    difficulty = np.array([-1.8, -0.9, 0.0, 0.9, 1.8, 0.0])
    floor = np.array([0.25, 0.25, 0.0, 0.25, 0.0, 0.25])
    patterns = RNG.integers(0, 2, size=(6, 12))
    patterns[:, 0], patterns[:, 1] = 1, 0
    said = ability_3pl_eap(
        patterns, difficulty, np.full(6, A), floor, options={"quadrature_bounds": (-4, 4), "quadrature_n": 401}
    )
    return [
        {"b": difficulty.tolist(), "c": floor.tolist(), "right": patterns[:, i].tolist(), "theta": float(said[i])}
        for i in range(patterns.shape[1])
    ]


def eight_dimensions() -> list[dict[str, object]]:
    covariance = np.full((8, 8), R) + (1 - R) * np.eye(8)
    thetas = RNG.multivariate_normal(np.zeros(8), covariance, size=SAMPLES)
    found = []
    for _ in range(4):
        answers = []
        weight = np.ones(SAMPLES)
        for dimension in range(8):
            for kind in ("choice", "number", "credit"):
                b = float(RNG.choice([-1.8, -0.9, 0.0, 0.9, 1.8]))
                theta = thetas[:, dimension]
                if kind == "credit":
                    points = int(RNG.integers(0, 3))
                    weight *= part_credit(theta, b)[points]
                else:
                    c = 0.25 if kind == "choice" else 0.0
                    right = c + (1 - c) / (1 + np.exp(-A * (theta - b)))
                    points = int(RNG.integers(0, 2))
                    weight *= right if points else 1 - right
                answers.append({"dimension": dimension, "kind": kind, "b": b, "points": points})
        weight /= weight.sum()
        overall = thetas.mean(axis=1) / np.sqrt(R + (1 - R) / 8)
        means = (weight[:, None] * thetas).sum(axis=0)
        errors = np.sqrt((weight[:, None] * (thetas - means) ** 2).sum(axis=0))
        mean = float((weight * overall).sum())
        found.append(
            {
                "answers": answers,
                "dimensions": means.tolist(),
                "errors": errors.tolist(),
                "overall": mean,
                "overall_error": float(np.sqrt((weight * (overall - mean) ** 2).sum())),
            }
        )
    return found


if __name__ == "__main__":
    figures = {
        "thetas": THETAS,
        "curves": curves(),
        "part_credit": [{"b": b, "p": part_credit(np.array(THETAS), b).T.tolist()} for b in (-0.9, 0.0, 1.8)],
        "one_dimension": one_dimension(),
        "eight_dimensions": eight_dimensions(),
    }
    Path(__file__).with_name("reference.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print("written")
