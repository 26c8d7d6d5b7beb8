"""First stage: word vectors from co-occurrence (PPMI, randomised SVD), the start of the contrastive stage."""

import numpy as np
import scipy.sparse as sparse

WINDOW = 5
SUBSAMPLING = 1e-4
CONTEXT_SMOOTHING = 0.75
SIF = 1e-4


def frequencies(groups, size):
    """Relative frequency of each token over all groups of (bags, weight)."""
    counts = np.zeros(size)
    for bags, weight in groups:
        counts += weight * np.bincount(bags.ids, minlength=size)
    return counts / counts.sum()


def count(groups, frequency, size, rng):
    """Symmetric co-occurrence counts inside a window; words further apart count less."""
    keep_chance = np.minimum(1, np.sqrt(SUBSAMPLING / np.maximum(frequency, 1e-12)))
    total = sparse.csr_matrix((size, size), dtype=np.float32)
    for bags, weight in groups:
        thinned = bags.keep(rng.random(len(bags.ids)) < keep_chance[bags.ids])
        ids, text = thinned.ids.astype(np.int64), thinned.text_of_token()
        for distance in range(1, WINDOW + 1):
            same = text[:-distance] == text[distance:]
            a, b = ids[:-distance][same], ids[distance:][same]
            keys, n = np.unique(np.minimum(a, b) * size + np.maximum(a, b), return_counts=True)
            value = (n * (weight * (WINDOW + 1 - distance) / WINDOW)).astype(np.float32)
            total = total + sparse.csr_matrix((value, (keys // size, keys % size)), shape=(size, size))
    total = total + total.T
    total.data[total.data < 1] = 0
    total.eliminate_zeros()
    return total


def positive_pmi(counts):
    rows = np.asarray(counts.sum(1)).ravel()
    contexts = rows**CONTEXT_SMOOTHING
    coo = counts.tocoo()
    value = np.log(coo.data / np.maximum(rows[coo.row], 1e-9) * contexts.sum() / np.maximum(contexts[coo.col], 1e-9))
    keep = value > 0
    return sparse.csr_matrix((value[keep].astype(np.float32), (coo.row[keep], coo.col[keep])), shape=counts.shape)


def randomised_svd(matrix, dimensions, rng, oversampling=32, power_iterations=2):
    """U sqrt(S) of the leading singular vectors."""
    sample = matrix @ rng.standard_normal((matrix.shape[1], dimensions + oversampling)).astype(np.float32)
    for _ in range(power_iterations):
        sample = np.linalg.qr(sample)[0]
        sample = matrix @ (matrix.T @ sample)
    basis = np.linalg.qr(sample)[0].astype(np.float32)
    left, values, _ = np.linalg.svd((matrix.T @ basis).T, full_matrices=False)
    return ((basis @ left) * np.sqrt(values))[:, :dimensions].astype(np.float32)


def start_table(vectors, frequency, rng):
    """
    Unit rows, common direction removed, lengths by how rare a word is (SIF). A token that the text never shows
    gets a random direction: it matches itself and nothing else, as an unknown name should.
    """
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unseen = (length[:, 0] < 1e-6) | (frequency == 0)
    table = vectors / np.maximum(length, 1e-9)
    table -= (frequency[:, None] * table).sum(0)
    common = np.argsort(-frequency)[:8000]
    direction = np.linalg.svd(table[common], full_matrices=False)[2][0]
    table -= np.outer(table @ direction, direction)
    random = rng.standard_normal((int(unseen.sum()), vectors.shape[1])).astype(np.float32)
    table[unseen] = random / np.linalg.norm(random, axis=1, keepdims=True)
    return (table * (SIF / (SIF + frequency))[:, None]).astype(np.float32)
