"""
Figures on questions that training never sees: BM25, dense, soft alignment and their sums over one pool of passages.
"""

from collections import Counter

import numpy as np

from tokens import Bags

_STOP = set(
    'a an the of in on at to for from by with and or is are was were be been being do does did has have had what which who whom '
    'whose when where why how it its this that these those there as about into not no he she they his her their i you we'.split()
)


def _stem(word):
    """A light suffix stripper: enough for a fair lexical opponent without another package."""
    for suffix, least in (('ations', 4), ('ation', 4), ('ments', 4), ('ment', 4), ('ings', 4), ('ing', 4), ('ies', 3), ('ied', 3), ('ers', 4), ('ed', 3), ('er', 4), ('es', 3), ('ly', 4), ('s', 3), ('e', 3), ('y', 3)):
        if word.endswith(suffix) and len(word) - len(suffix) >= least:
            return word[: -len(suffix)]
    return word


def terms(words):
    return [_stem(w) for w in words if w not in _STOP and (w.isalnum())]


class Bm25:
    def __init__(self, passages, k1=1.2, b=0.75):
        lengths = np.array([len(p) for p in passages], np.float32)
        documents = Counter(t for p in passages for t in set(p))
        self._count = len(passages)
        self._postings = {}
        for row, passage in enumerate(passages):
            for term, n in Counter(passage).items():
                idf = np.log(1 + (self._count - documents[term] + 0.5) / (documents[term] + 0.5))
                impact = idf * n * (k1 + 1) / (n + k1 * (1 - b + b * lengths[row] / lengths.mean()))
                self._postings.setdefault(term, ([], []))
                self._postings[term][0].append(row)
                self._postings[term][1].append(impact)

    def scores(self, question):
        out = np.zeros(self._count, np.float32)
        for term in question:
            if term in self._postings:
                rows, impacts = self._postings[term]
                out[rows] += impacts
        return out


def dense_vectors(table, bags):
    out = np.zeros((len(bags), table.shape[1]), np.float32)
    for row in range(len(bags)):
        out[row] = table[bags[row]].sum(0)
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)


def soft_scores(table, questions, passages, candidates):
    """Weighted mean over a question's tokens of the squared best cosine to a token of the passage; candidates only."""
    norms = np.linalg.norm(table, axis=1)
    unit = table / np.maximum(norms, 1e-9)[:, None]
    out = []
    for row in range(len(questions)):
        asked = questions[row]
        rows = candidates[row]
        pool = [np.unique(passages[r]) for r in rows]
        flat = np.concatenate(pool)
        starts = np.concatenate([[0], np.cumsum([len(p) for p in pool])[:-1]])
        best = np.maximum.reduceat(unit[asked] @ unit[flat].T, starts, axis=1)
        weight = norms[asked]
        out.append((weight[:, None] * np.clip(best, 0, None) ** 2).sum(0) / max(weight.sum(), 1e-9))
    return out


def min_max(scores):
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)


def figures(ranks):
    ranks = np.array(ranks)
    return {
        'hit@1': float((ranks == 0).mean()),
        'hit@3': float((ranks < 3).mean()),
        'hit@10': float((ranks < 10).mean()),
        'MRR@10': float(np.where(ranks < 10, 1 / (ranks + 1), 0).mean()),
    }


class Benchmark:
    """One pool of passages with questions and, for each, the rows that answer it."""

    def __init__(self, name, questions, passages, gold, tokeniser, split_words):
        self.name = name
        self.gold = gold
        self.question_bags = Bags.of([tokeniser.encode(q) for q in questions])
        self.passage_bags = Bags.of([tokeniser.encode(p) for p in passages])
        index = Bm25([terms(split_words(p)) for p in passages])
        self.lexical = [index.scores(terms(split_words(q))) for q in questions]

    def _rank(self, scores, row):
        return int((scores > max(scores[g] for g in self.gold[row])).sum())

    def dense_mrr(self, table):
        q, p = dense_vectors(table, self.question_bags), dense_vectors(table, self.passage_bags)
        return figures([self._rank(s, row) for row, s in enumerate(q @ p.T)])['MRR@10']

    def table_of_figures(self, table, depth=100):
        """{method: figures}. Soft alignment re-ranks the best `depth` of BM25 and of dense together."""
        dense = dense_vectors(table, self.question_bags) @ dense_vectors(table, self.passage_bags).T
        lexical = self.lexical
        candidates = [
            np.union1d(np.argpartition(-d, min(depth, len(d) - 1))[:depth], np.argpartition(-l, min(depth, len(l) - 1))[:depth])
            for d, l in zip(dense, lexical)
        ]
        soft = soft_scores(table, self.question_bags, self.passage_bags, candidates)
        ranks = {}

        def put(method, row, scores, rows):
            full = np.full(len(dense[row]), -1e9, np.float32)
            full[rows] = scores
            ranks.setdefault(method, []).append(self._rank(full, row) if any(g in rows for g in self.gold[row]) else 10**6)

        for row, rows in enumerate(candidates):
            l, d, s = min_max(lexical[row][rows]), min_max(dense[row][rows]), min_max(soft[row])
            everything = np.arange(len(dense[row]))
            put('BM25', row, lexical[row], everything)
            put('dense', row, dense[row], everything)
            put('soft', row, s, rows)
            put('BM25 + dense .5/.5', row, 0.5 * l + 0.5 * d, rows)
            put('dense + soft .5/.5', row, 0.5 * d + 0.5 * s, rows)
            put('BM25 + dense + soft .5/.2/.3', row, 0.5 * l + 0.2 * d + 0.3 * s, rows)
            put('BM25 + dense + soft .3/.4/.3', row, 0.3 * l + 0.4 * d + 0.3 * s, rows)
        return {method: figures(r) for method, r in ranks.items()}
