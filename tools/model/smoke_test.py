"""Runs the whole way from the weights to a model folder with two training steps, and checks what comes out.

    smoke_test.py --weights FILE

Takes about a minute on two idle cores. `--weights` as for make_base.py. Needs `npm ci` and the packages of requirements.txt.
"""
import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime
from transformers import PreTrainedTokenizerFast

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.dirname(os.path.dirname(HERE))


# Passages of the corpus and of the written documents: enough for a step.
PASSAGES = 40


def run(script, *arguments):
    subprocess.run([sys.executable, os.path.join(HERE, script), *arguments], check=True)


def write_pairs(path, records, name):
    """Stands in for the general pairs: questions of the corpus with their passages."""
    with gzip.open(path, 'wt', encoding='utf8') as file:
        for record in records:
            for expected in record['expected'][:3]:
                file.write(json.dumps({'q': expected['q'], 'p': record['text'], 's': name}) + '\n')


def embed(session, tokenizer, text):
    ids = np.array([tokenizer(text)['input_ids']])
    inputs = {'input_ids': ids, 'attention_mask': np.ones_like(ids), 'token_type_ids': np.zeros_like(ids)}
    mean = session.run(None, inputs)[0][0].mean(0)
    return mean / np.linalg.norm(mean)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('--weights', required=True)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = lambda *names: os.path.join(folder, *names)
        exported = subprocess.run(['node', '--import', 'tsx', os.path.join(HERE, 'export-pairs.ts')],
                                  cwd=PROJECT, check=True, capture_output=True, text=True).stdout
        everything = [json.loads(line) for line in exported.splitlines()]
        records = [record for written in (False, True)
                   for record in [r for r in everything if r['written'] == written][:PASSAGES]]
        with open(path('pairs.jsonl'), 'w', encoding='utf8') as file:
            file.writelines(json.dumps(record) + '\n' for record in records)
        assert all(0 <= e['s'] < len(r['sentences']) for r in records for e in r['expected'])
        write_pairs(path('pairs.jsonl.gz'), records, 'nqg_test')
        write_pairs(path('japanese-pairs.jsonl.gz'), records, 'japanese')
        run('make_base.py', '--weights', options.weights, '--out', path('base'),
            '--vocabulary', os.path.join(PROJECT, 'embeddings/model/tokenizer.json'))
        run('fine_tune.py', '--base', path('base'), '--pairs', path('pairs.jsonl'), '--text', folder,
            '--out', path('tuned'), '--steps', '2', '--passages', '8')
        run('export_onnx.py', '--model', path('tuned'), '--pairs', path('pairs.jsonl'), '--out', path('model'))
        with open(path('model', 'reading.json'), encoding='utf8') as file:
            assert len(json.load(file)['weights']) == 384
        session = onnxruntime.InferenceSession(path('model', 'onnx', 'model_quantized.onnx'))
        tokenizer = PreTrainedTokenizerFast.from_pretrained(path('model'))
        question = embed(session, tokenizer, 'query: How long did the talks last?')
        near = embed(session, tokenizer, 'passage: The talks lasted 45 minutes.')
        far = embed(session, tokenizer, 'passage: Bake the bread for an hour.')
        assert question @ near > question @ far, (question @ near, question @ far)
        print(f'passed: cosine {question @ near:.3f} to an answer, {question @ far:.3f} to another text')


if __name__ == '__main__':
    main()
