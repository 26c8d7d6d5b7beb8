"""Text folder to token arrays: vocabulary, sentences, passages, pairs. Kept in a cache folder between runs."""

import pickle
from collections import Counter

import numpy as np

import questions
import text as source
from tokens import Bags
from wordpiece import WordPiece, build_vocabulary, words

VOCABULARY_SIZE = 40_000
PIECES = 3_000
OTHER_TEXT_WEIGHT = 6


class Prepared:
    """What the later stages read. Sentences of one text are neighbours in `sentences`; `starts` says where texts begin."""

    def __init__(self):
        self.vocabulary = []
        self.sentences = {}
        self.passage_starts = {}
        self.document_starts = {}
        self.pairs = {}


def _gloss(synset):
    members = ', '.join(synset['m'])
    return f"{members}: {synset['d']}. {' '.join(synset['e'])}"


def _by_rule(documents, log):
    """[(question, sentence, passage)]: about every fifth sentence, so that the other stages still see the rest unasked."""
    rng = np.random.default_rng(1605)
    out = []
    for document in documents:
        for passage in document:
            parts = source.sentences(passage)
            if len(parts[0]) > 600:
                continue
            for sentence in parts:
                if 40 < len(sentence) < 400 and rng.random() < 0.2:
                    asked = questions.question(sentence, rng)
                    if asked is not None:
                        out.append((asked, sentence, passage))
    log(f'{len(out)} questions made by rule')
    return out


def _word_pairs(synsets, names):
    """Pairs from a dictionary and a list of names: {set: [(text, text)]}."""
    glosses, synonyms, hypernyms = [], [], []
    for synset in synsets:
        members = synset['m']
        glosses += [(member, f"{synset['d']}. {' '.join(synset['e'])}") for member in members[:3]]
        synonyms += list(zip(members[:3], members[1:4]))
        hypernyms += [(members[0], parent) for parent in synset['h'][:1]]
    people = []
    for name, spellings, description in names:
        forms = [name, *spellings]
        for form in forms:
            people += [(f'who is {form}', description), (description, f'{form} {name}'), (form, f'{description} {name}')]
        people += [(form, name) for form in spellings]
    return {'gloss': glosses, 'synonyms': synonyms, 'hypernyms': hypernyms, 'names': people}


def _count(texts, weight, counts):
    for text in texts:
        for word in words(text):
            counts[word] += weight


def prepare(folder, cache, log):
    """Reads, counts and tokenises everything; two minutes the first time, a few seconds from the cache."""
    file = cache / f'prepared-2-{VOCABULARY_SIZE}.pickle'
    if file.exists():
        with file.open('rb') as handle:
            return pickle.load(handle)

    speeches = source.speeches(folder)
    articles = source.encyclopedia(folder)
    synsets = source.wordnet(folder)
    pairs = source.pairs(folder)
    names = source.names()
    log(f'read {len(speeches)} speeches, {len(articles)} articles, {len(synsets)} synsets, {len(pairs)} pairs')

    counts = Counter()
    _count((p for speech in speeches for p in speech), 1, counts)
    _count(articles, OTHER_TEXT_WEIGHT, counts)
    _count(map(_gloss, synsets), OTHER_TEXT_WEIGHT, counts)
    _count({p for _, p, _ in pairs} | {q for q, _, _ in pairs}, OTHER_TEXT_WEIGHT, counts)
    always = [w for name, spellings, _ in names for form in (name, *spellings) for w in words(form)]
    vocabulary = build_vocabulary(counts, always, VOCABULARY_SIZE, PIECES)
    tokeniser = WordPiece(vocabulary)
    log(f'vocabulary of {len(vocabulary)} from {len(counts)} distinct words')

    out = Prepared()
    out.vocabulary = vocabulary
    for name, documents in (('speeches', speeches), ('encyclopedia', [[a] for a in articles])):
        sentences, passage_starts, document_starts = [], [], []
        for document in documents:
            document_starts.append(len(passage_starts))
            for passage in document:
                passage_starts.append(len(sentences))
                sentences += [tokeniser.encode(s) for s in source.sentences(passage)]
        out.sentences[name] = Bags.of(sentences)
        out.passage_starts[name] = [*passage_starts, len(sentences)]
        out.document_starts[name] = [*document_starts, len(passage_starts)]
    out.sentences['wordnet'] = Bags.of([tokeniser.encode(_gloss(s)) for s in synsets])
    out.sentences['names'] = Bags.of(
        [tokeniser.encode(f"{name} ({', '.join(spellings)}), {text}") for name, spellings, text in names]
    )
    asked = _by_rule([*speeches, *([a] for a in articles)], log)
    asked += [
        (q, p, p)
        for p in sorted({p for _, p, s in pairs if s.startswith('selqa')})
        for q in [questions.question(p[:400], np.random.default_rng(len(p)))]
        if q is not None
    ]
    sets = _word_pairs(synsets, names)
    sets['rule'] = [(q, sentence) for q, sentence, _ in asked]
    sets['rule-passage'] = [(q, passage) for q, _, passage in asked]
    for name in sorted({s for _, _, s in pairs}):
        sets[name] = [(q, p) for q, p, s in pairs if s == name]
    for name, mine in sets.items():
        out.pairs[name] = (Bags.of([tokeniser.encode(q) for q, _ in mine]), Bags.of([tokeniser.encode(p) for _, p in mine]))
    cache.mkdir(parents=True, exist_ok=True)
    with file.open('wb') as handle:
        pickle.dump(out, handle, protocol=4)
    log(f'tokenised: {sum(len(b.ids) for b in out.sentences.values()):,} tokens in {sum(map(len, out.sentences.values())):,} sentences')
    return out
