"""Makes the table of related words that the word index uses, and that tells English words from slips.

    related_words.py --pairs pairs.jsonl --text TEXT --out src/language/related-words.tsv

A line: word, tab, `other:percent` …, most similar first. Two sources: `thesaurus.tsv` beside this file (groups of
expressions, written by hand), and translation probabilities from the words of a question to the words of the sentence that
answers it, learned from the training questions by IBM Model 1 (Brown et al., "The Mathematics of Statistical Machine
Translation", 1993; for retrieval: Berger and Lafferty, "Information Retrieval as Statistical Translation", 1999). Words
without an entry are there because general text uses them: they are no slips. Takes a minute.
"""
import argparse
import collections
import gzip
import json
import math
import os
import re

from nltk.stem.porter import PorterStemmer

WORD = re.compile(r"[a-z][a-z']+")
STOP_WORDS = set((
    'the of a an and to in for on at by from with or is was be as it its not no how what who when where why whose which one all '
    'any her his their she he they did do does has had have were are been being will would can could should may might about '
    'into over than then there this that these those them him you your my we our us if but so such up out more most other some '
    'also after before during between through per whom').split())
NULL = '<null>'
ITERATIONS = 6
SMOOTHING = .5
# Geometric mean of both directions' probabilities, below which words stand together by chance.
LEAST = .015
# From that mean to a similarity: LEAST becomes a third, .25 nearly the word itself.
OFFSET, SCALE, MOST = .3, 2.2, .9
RELATED = 12
COMMON_WORDS = 24000

stemmer, stems = PorterStemmer(), {}


def stem(word):
    if word not in stems:
        stems[word] = stemmer.stem(word)
    return stems[word]


def words_of(text):
    words = (word.replace("'s", '').replace("'", '') for word in WORD.findall(text.lower()))
    return [word for word in words if len(word) > 2 and word not in STOP_WORDS]


def common_words(folder):
    """Words of general text by frequency."""
    counts = collections.Counter()
    for name in ('pairs.jsonl.gz',):
        with gzip.open(os.path.join(folder, name), 'rt', encoding='utf8') as file:
            for line in file:
                pair = json.loads(line)
                counts.update(re.findall(r'[a-z]{3,20}', f"{pair['q']} {pair['p']}".lower()))
    return [word for word, count in counts.most_common(COMMON_WORDS) if count >= 4]


def question_pairs(path):
    """[(words of the question, words of the answering sentence)]"""
    with open(path, encoding='utf8') as file:
        for record in map(json.loads, file):
            for expected in record['expected']:
                if expected['lang'] == 'en':
                    start, end = record['sentences'][expected['s']]
                    yield words_of(expected['q']), words_of(record['text'][start:end])


def translation(pairs):
    """IBM Model 1 -> {(source, target): P(source | target)}, {(source, target): expected count}"""
    table = {(s, t): 1. for source, target in pairs for s in source for t in [*target, NULL]}
    for _ in range(ITERATIONS):
        counts, totals = collections.Counter(), collections.Counter()
        for source, target in pairs:
            targets = [*target, NULL]
            for s in source:
                mass = sum(table[s, t] for t in targets)
                for t in targets:
                    share = table[s, t] / mass
                    counts[s, t] += share
                    totals[t] += share
        table = {(s, t): max(counts[s, t] / (totals[t] + SMOOTHING), 1e-9) for s, t in table}
    return table, counts


def learned(pairs):
    """stem of a question's word -> {stem of a text's word: similarity}"""
    stemmed = [(sorted(set(map(stem, q))), sorted(set(map(stem, a)))) for q, a in pairs]
    there, counts = translation(stemmed)
    back, _ = translation([(a, q) for q, a in stemmed])
    related = collections.defaultdict(dict)
    for (q, a), count in counts.items():
        if a == NULL or a == q or count < 1.5:
            continue
        score = math.sqrt(there[q, a] * back.get((a, q), 0))
        if score > LEAST:
            related[q][a] = min(MOST, OFFSET + SCALE * score)
    return related


def thesaurus(path):
    """word -> {word: similarity}; of an expression of several words each counts for less"""
    related = collections.defaultdict(dict)
    with open(path, encoding='utf8') as file:
        for line in file:
            if line.startswith('#'):
                continue
            members = [words_of(member.replace('-', ' ')) for member in line.split('\t')]
            for one in members:
                for other in members:
                    if len(one) == 1 and other != one:
                        for word in other:
                            if word != one[0]:
                                related[one[0]][word] = max(related[one[0]].get(word, 0), 1 / math.sqrt(len(other)))
    return related


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('--pairs', required=True, help='passages with expected questions, JSON lines')
    arguments.add_argument('--text', required=True, help='folder with pairs.jsonl.gz')
    arguments.add_argument('--out', required=True)
    options = arguments.parse_args()
    pairs = list(question_pairs(options.pairs))
    forms = collections.Counter(word for q, a in pairs for word in [*q, *a])
    commonest = {}
    for word, count in forms.items():
        if count > forms.get(commonest.get(stem(word)), 0):
            commonest[stem(word)] = word
    by_stem = learned(pairs)
    by_hand = thesaurus(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'thesaurus.tsv'))
    # A form that few questions have may be a slip.
    words = {*common_words(options.text), *by_hand, *(word for word, count in forms.items() if count >= 5)}
    with open(options.out, 'w', encoding='utf8') as file:
        for word in sorted(words):
            related = dict(by_hand.get(word, {}))
            for other, similarity in by_stem.get(stem(word), {}).items():
                form = commonest[other]
                related[form] = max(related.get(form, 0), similarity)
            best = sorted(related.items(), key=lambda item: (-item[1], item[0]))[:RELATED]
            file.write(word + '\t' + ' '.join(f'{other}:{round(100 * similarity)}' for other, similarity in best) + '\n')


if __name__ == '__main__':
    main()
