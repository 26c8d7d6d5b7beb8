#!/usr/bin/python3
"""
Makes the bundled embedding model: from a folder of training text to embeddings/model/, in one command.

    /usr/bin/python3 scripts/train-embedder/train.py TEXT_FOLDER

Needs numpy, scipy and torch (Debian: python3-numpy python3-scipy python3-torch). One thread, about three quarters of an hour when it is free. The
same text, seed and library versions give the same model. Log and figures go to embeddings/model/training/.
"""

import os

os.environ.setdefault('OPENBLAS_NUM_THREADS', '1')
os.environ.setdefault('OMP_NUM_THREADS', '1')

import argparse
import base64
import json
import time
from pathlib import Path

import numpy as np
import torch

import contrastive
import cooccurrence
import text as source
from evaluate import Benchmark, dense_vectors
from expected import Expected
from export_model import export
from hard_negatives import HardSampler
from prepare import prepare
from readouts import Readouts
from tokens import Bags
from wordpiece import WordPiece, words

REPOSITORY = Path(__file__).resolve().parents[2]
SEED = 20240105
DIMENSIONS = 256
HARD_RATE = 6e-4

GOLDEN = [
    'What did Kamikawa promise Ukraine for detecting drones?',
    'how long were the talks with blinken',
    'Türkiye’s foreign minister Hakan Fidan received her in Ankara.',
    'The siren sounded; reporters followed both ministers into a basement.',
    'U.S. aid: $37 million (5.5 bn yen), announced at 10:45 a.m.',
    'Women, Peace and Security',
    'Häkkänen, Séjourné and Radosław Sikorski',
    'kamikawa’s itinerary: Warsaw–Kyiv–Helsinki–Stockholm',
    'zzyzx qwertyuiop',
    'the of and',
]


def arguments():
    parser = argparse.ArgumentParser(description='Train the bundled embedding model.')
    parser.add_argument('text', type=Path, help='folder with speeches, encyclopedia, wordnet, pairs and dev-pairs')
    parser.add_argument('--out', type=Path, default=REPOSITORY / 'embeddings' / 'model')
    parser.add_argument('--golden', type=Path, default=REPOSITORY / 'test' / 'embedding' / 'golden-vectors.json')
    parser.add_argument('--cache', type=Path, default=REPOSITORY / '.cache' / 'train-embedder', help='intermediate results')
    parser.add_argument('--steps', type=int, default=1600, help='contrastive steps; 0 leaves the second stage out')
    parser.add_argument('--hard-steps', type=int, default=2000, help='steps with hard negatives; 0 leaves the third stage out')
    return parser.parse_args()


class Log:
    """Lines on the terminal and, at the end, in a file beside the model."""

    def __init__(self):
        self._began = time.time()
        self.lines = []

    def __call__(self, line):
        self.lines.append(f'{time.time() - self._began:7.1f} s  {line}')
        print(self.lines[-1], flush=True)


def passages(prepared, name):
    sentences = prepared.sentences[name]
    return Bags(sentences.ids, sentences.offsets[np.array(prepared.passage_starts[name])])


def first_stage(prepared, cache, log):
    """Word vectors from co-occurrence and how often each token is seen."""
    size = len(prepared.vocabulary)
    groups = [(passages(prepared, 'speeches'), 1), (passages(prepared, 'encyclopedia'), 4)]
    groups += [(prepared.sentences[name], 4) for name in ('wordnet', 'names')]
    groups += [(prepared.pairs[name][1], 4) for name in ('nqg_test', 'selqa_test', 'qmsum', 'milestones')]
    frequency = cooccurrence.frequencies(groups, size)
    file = cache / f'svd-{size}-{DIMENSIONS}.npy'
    if file.exists():
        vectors = np.load(file)
    else:
        rng = np.random.default_rng(SEED)
        counts = cooccurrence.count(groups, frequency, size, rng)
        matrix = cooccurrence.positive_pmi(counts)
        log(f'co-occurrence: {counts.nnz:,} pairs of tokens, {matrix.nnz:,} with positive PMI')
        vectors = cooccurrence.randomised_svd(matrix, DIMENSIONS, rng)
        np.save(file, vectors)
        log('singular vectors')
    return cooccurrence.start_table(vectors, frequency, np.random.default_rng(SEED)), frequency


def second_stage(table, sampler, options, log, check):
    """The long stage; its result is kept in the cache, for trials of the third."""
    file = options.cache / f'contrastive-{options.steps}.npy'
    if file.exists():
        log(f'second stage from {file.name}')
        return np.load(file)
    rng = np.random.default_rng(SEED)
    table = contrastive.train(table, sampler(rng), options.steps, rng, log, check)
    np.save(file, table)
    return table


def benchmarks(folder, tokeniser):
    """Development questions over all development passages of their set. Never trained on."""
    pairs = source.pairs(folder, 'dev-pairs.jsonl.gz')
    out = []
    for name, count in (('nqg_dev', 1500), ('selqa_dev', 785)):
        mine = [(q, p) for q, p, s in pairs if s == name]
        pool = sorted({p for _, p in mine})
        place = {p: i for i, p in enumerate(pool)}
        chosen = np.random.default_rng(1).permutation(len(mine))[:count]
        gold = [[place[mine[i][1]]] for i in chosen]
        out.append(Benchmark(name, [mine[i][0] for i in chosen], pool, gold, tokeniser, words))
    return out


def write_golden(file, tokeniser, table):
    """Vectors as this program sees them: the test holds the JavaScript against them."""
    vectors = dense_vectors(table, Bags.of([tokeniser.encode(text) for text in GOLDEN]))
    rows = [
        {'text': text, 'vector': base64.b64encode(vector.astype('<f4').tobytes()).decode()}
        for text, vector in zip(GOLDEN, vectors)
    ]
    file.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + '\n', 'utf-8')


def main():
    options, log = arguments(), Log()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    options.cache.mkdir(parents=True, exist_ok=True)

    prepared = prepare(options.text, options.cache, log)
    tokeniser = WordPiece(prepared.vocabulary)
    table, frequency = first_stage(prepared, options.cache, log)
    tests = benchmarks(options.text, tokeniser)

    def check(table):
        np.save(options.cache / 'latest.npy', table)
        return ' '.join(f'{test.name} {test.dense_mrr(table):.3f}' for test in tests)

    log(f'first stage: {check(table)}')
    countries = source.countries(source.encyclopedia(options.text))
    groups = source.thesaurus() + countries
    synsets = source.wordnet(options.text)

    def sampler(rng):
        return contrastive.Sampler(prepared, tokeniser.encode, frequency, groups, synsets, rng)

    if options.steps > 0:
        table = second_stage(table, sampler, options, log, check)
    if options.hard_steps > 0:
        rng = np.random.default_rng(SEED + 1)
        rare = [w for w, f in zip(prepared.vocabulary, frequency) if w.isalpha() and len(w) > 4 and f < 1e-6]
        readouts = Readouts(countries, source.names(), rare, rng)
        hard = HardSampler(sampler(rng), readouts, Expected(tokeniser.encode, rng), tokeniser.encode, prepared, rng)
        log('hard negatives found')
        table = contrastive.train(
            table, hard, options.hard_steps, rng, log, check, HARD_RATE, warm_up=30, check_every=100, soft_every=1, soft_weight=1.0
        )

    table = export(options.out, prepared.vocabulary, table)
    write_golden(options.golden, tokeniser, table)
    figures = {test.name: test.table_of_figures(table) for test in tests}
    for name, methods in figures.items():
        for method, values in methods.items():
            log(f'{name:10s} {method:30s} ' + '  '.join(f'{k} {v:.3f}' for k, v in values.items()))
    training = options.out / 'training'
    training.mkdir(exist_ok=True)
    (training / 'figures.json').write_text(json.dumps(figures, indent=1) + '\n', 'utf-8')
    (training / 'log.txt').write_text('\n'.join(log.lines) + '\n', 'utf-8')


if __name__ == '__main__':
    main()
