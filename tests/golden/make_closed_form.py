"""Alignment in closed form by NumPy's own decompositions: closed-form.json.

40 pairs of 7 and 5 numbers, rank 3. Stored is what does not depend on the signs of singular vectors: the similarity
K of e_s(x) . e_t(y) = x^T K y, each side's e . e, and the singular values.
"""
import json

import numpy as np

from golden import HERE, hashes

PAIRS, P, Q, RANK, STRENGTH = 40, 7, 5, 3, 0.1


def numbers(name, *shape):
    return np.array([(h >> 8) / 2**23 - 1 for h in hashes(name, int(np.prod(shape)))]).reshape(shape)


def sides():
    x = numbers("closed-form/x", PAIRS, P) * np.arange(1, P + 1)
    y = x[:, :Q] + 0.5 * x[:, 2:2 + Q] + 2 * numbers("closed-form/noise", PAIRS, Q)
    return x - x.mean(0), y - y.mean(0)


def power(matrix, exponent):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(values**exponent) @ vectors.T


def top(matrix, count):
    values, vectors = np.linalg.eigh(matrix)
    return vectors[:, np.argsort(-values)[:count]]


def procrustes(xx, yy, xy):
    px, py = top(xx, RANK), top(yy, RANK)
    u, s, vt = np.linalg.svd(px.T @ xy @ py)
    return px @ u, py @ vt.T, s


def regression(xx, yy, xy):
    ridge = yy + STRENGTH * np.trace(yy) / Q * np.eye(Q)
    coefficients = np.linalg.solve(ridge, xy.T)
    fitted = coefficients.T @ ridge @ coefficients
    directions = top(fitted, RANK)
    return directions, coefficients @ directions, np.sqrt(np.sort(np.linalg.eigvalsh(fitted))[::-1][:RANK])


def correlation(xx, yy, xy):
    wx = power(xx + STRENGTH * np.trace(xx) / P * np.eye(P), -0.5)
    wy = power(yy + STRENGTH * np.trace(yy) / Q * np.eye(Q), -0.5)
    u, s, vt = np.linalg.svd(wx @ xy @ wy)
    return wx @ u[:, :RANK], wy @ vt.T[:, :RANK], s[:RANK]


x, y = sides()
moments = x.T @ x / PAIRS, y.T @ y / PAIRS, x.T @ y / PAIRS
results = {}
for solve in (procrustes, regression, correlation):
    source, target, values = solve(*moments)
    results[solve.__name__] = {
        "similarity": (source @ target.T).flatten().tolist(),
        "source": (source @ source.T).flatten().tolist(),
        "target": (target @ target.T).flatten().tolist(),
        "values": values.tolist(),
    }
(HERE / "closed-form.json").write_text(json.dumps(results, indent=1) + "\n")
