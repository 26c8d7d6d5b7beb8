"""Reads the folder of training text. Nothing of it is copied into the repository."""

import gzip
import json
import re
from pathlib import Path

HERE = Path(__file__).parent
_SENTENCE_END = re.compile(r'(?<=[.!?;])["”’)]?\s+(?=["“‘(]?[A-Z0-9])')


def _lines(path):
    with gzip.open(path, 'rt', encoding='utf-8') as file:
        return [line.rstrip('\n') for line in file if line.strip()]


def sentences(passage):
    """Sentences of a passage, roughly: a wrong cut costs training nothing."""
    out = []
    for part in _SENTENCE_END.split(passage):
        # A cut after "Mr." or "U.S." leaves a stub, which belongs to what follows it.
        if out and len(out[-1]) < 40:
            out[-1] += ' ' + part
        else:
            out.append(part)
    return out


def speeches(folder):
    """[[passage, ...], ...]: one list for each speech, passages in order."""
    return [json.loads(line)['p'] for line in _lines(folder / 'speeches.jsonl.gz')]


def encyclopedia(folder):
    return _lines(folder / 'encyclopedia.txt.gz')


def wordnet(folder):
    return [json.loads(line) for line in _lines(folder / 'wordnet.jsonl.gz')]


def pairs(folder, name='pairs.jsonl.gz'):
    """[(question, passage, set name), ...] without exact repeats."""
    seen = {}
    for line in _lines(folder / name):
        pair = json.loads(line)
        seen.setdefault((pair['q'], pair['p'], pair['s']), None)
    return list(seen)


def names():
    """[(name, [other spellings], description), ...] of our own list of people and places of early 2024."""
    out = []
    for line in (HERE / 'names.tsv').read_text(encoding='utf-8').splitlines():
        if line and not line.startswith('#'):
            name, spellings, description = line.split('\t')
            out.append((name, [s for s in spellings.split('|') if s != '-'], description))
    return out


def thesaurus():
    """[[expression, ...], ...] of our own list of expressions that stand for one another."""
    lines = (HERE / 'thesaurus.tsv').read_text(encoding='utf-8').splitlines()
    return [line.split('\t') for line in lines if line and not line.startswith('#')]


def countries(articles):
    """[[country, capital, demonym, ...], ...] as the encyclopedia's country pages name them."""
    groups = {}
    for article in articles:
        found = re.match(r'(.{3,40}?) People and Society Nationality (?:noun|adjective): ([^;(]+)', article)
        if found:
            groups.setdefault(found[1], {})[found[2].strip()] = None
        found = re.match(r'(.{3,40}?) People and Society Major urban areas.*?([A-ZÀ-Ý][A-ZÀ-Ý \'’.-]+) \(capital\)', article)
        if found:
            groups.setdefault(found[1], {})[found[2].title().strip()] = None
    return [[country, *others] for country, others in groups.items()]
