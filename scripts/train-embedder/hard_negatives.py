"""
Third stage's batches. Hard ones: each question, real or made by rule, with the passages that BM25 takes for its answer and
that are not. Readouts: many facts of one made-up visit. The questions that the corpus's keeper expects. Ordinary ones of the second stage, so that the rest is not forgotten.
"""

import numpy as np
import scipy.sparse as sparse

from contrastive import Sampler

QUESTIONS = 512
NEGATIVES = 3
KEPT = 12
ORDINARY = 0.25
READOUTS = 0.15
EXPECTED = 0.45
VISITS, FACTS = 128, 8
SOURCES = {'nqg_test': 20_000, 'selqa_test': 5_000, 'rule': 8_000}


def bm25_matrix(bags, size, k1=1.2, b=0.75):
    """[passages, tokens] impacts."""
    lengths = np.diff(bags.offsets)
    # Copies, because merging duplicates sorts the matrix's arrays in place.
    ones, ids, offsets = np.ones(len(bags.ids), np.float32), bags.ids.copy(), bags.offsets.copy()
    counts = sparse.csr_matrix((ones, ids, offsets), shape=(len(bags), size))
    counts.sum_duplicates()
    documents = np.bincount(counts.indices, minlength=size)
    # Tokens of every tenth passage tell little and would make up nearly all of the work.
    counts.data[documents[counts.indices] > len(bags) / 10] = 0
    counts.eliminate_zeros()
    idf = np.log(1 + (len(bags) - documents + 0.5) / (documents + 0.5)).astype(np.float32)
    damping = (k1 * (1 - b + b * lengths / lengths.mean())).astype(np.float32)
    counts.data = idf[counts.indices] * counts.data * (k1 + 1) / (counts.data + np.repeat(damping, np.diff(counts.indptr)))
    return counts


def mine(questions, passages, size):
    """For each question the KEPT best passages by BM25 whose text is not the answer's: [questions, KEPT] rows of `passages`."""
    impacts = bm25_matrix(passages, size).T.tocsc()
    texts = [passages[row].tobytes() for row in range(len(passages))]
    out = np.zeros((len(questions), KEPT), np.int64)
    for start in range(0, len(questions), 256):
        rows = range(start, min(start + 256, len(questions)))
        asked = sparse.csr_matrix(
            (
                np.ones(sum(len(questions[r]) for r in rows), np.float32),
                np.concatenate([questions[r] for r in rows]),
                np.concatenate([[0], np.cumsum([len(questions[r]) for r in rows])]),
            ),
            shape=(len(rows), size),
        )
        scores = (asked @ impacts).toarray()
        best = np.argpartition(-scores, KEPT * 2, axis=1)[:, : KEPT * 2]
        for at, row in enumerate(rows):
            order = best[at][np.argsort(-scores[at, best[at]])]
            # One text stands in many pairs: neither the answer nor the same wrong passage twice.
            distinct = {texts[candidate]: candidate for candidate in reversed(order) if texts[candidate] != texts[row]}
            wrong = list(distinct.values())[::-1][:KEPT]
            out[row] = wrong + [wrong[-1]] * (KEPT - len(wrong))
    return out


class HardSampler:
    """Draws like `Sampler`; passages beyond the number of questions are wrong answers to the questions in order."""

    def __init__(self, sampler: Sampler, readouts, expected, encode, prepared, rng):
        self._sampler = sampler
        self._readouts = readouts
        self._expected = expected
        self._encode = encode
        self._rng = rng
        self._sets = {}
        for name, most in SOURCES.items():
            questions, passages = prepared.pairs[name]
            rows = rng.permutation(len(questions))[:most]
            questions, passages = questions.take(rows), passages.take(rows)
            self._sets[name] = (questions, passages, mine(questions, passages, len(prepared.vocabulary)))
        self._names = list(self._sets)
        self._chance = np.array([0.6, 0.1, 0.3])

    def draw(self):
        kind = self._rng.random()
        if kind < ORDINARY:
            return self._sampler.draw()
        if kind < ORDINARY + READOUTS:
            pairs = self._readouts.draw(VISITS, FACTS)
            asked = [self._sampler.reworded(np.array(self._encode(q), np.int32)) for q, _ in pairs]
            held = [np.array(self._encode(p), np.int32) for _, p in pairs]
            return 'readouts', (asked, held, self._sampler.numbers(held), self._sampler.numbers(asked))
        if kind < ORDINARY + READOUTS + EXPECTED:
            return self._expected.draw(self._sampler.reworded, self._sampler.window)
        name = self._names[self._rng.choice(len(self._names), p=self._chance)]
        questions, passages, wrong = self._sets[name]
        rows = self._rng.choice(len(questions), min(QUESTIONS, len(questions)), replace=False)
        chosen = [wrong[rows, self._rng.integers(KEPT, size=len(rows))] for _ in range(NEGATIVES)]
        held = [self._sampler.window(passages[r]) for r in np.concatenate([rows, *chosen])]
        asked = [questions[r] for r in rows]
        if name == 'rule':
            asked = [self._sampler.without_shared(q, p) for q, p in zip(asked, held)]
        asked = [self._sampler.reworded(q) for q in asked]
        return f'hard-{name}', (asked, held, self._sampler.numbers(held), self._sampler.numbers(asked))
