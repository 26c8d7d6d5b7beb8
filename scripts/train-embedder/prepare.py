"""Text folder to token arrays: vocabulary, sentences, passages, pairs. Kept in a cache folder between runs."""

import pickle
from collections import Counter

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


def _count(texts, weight, counts):
    for text in texts:
        for word in words(text):
            counts[word] += weight


def prepare(folder, cache, log):
    """Reads, counts and tokenises everything; two minutes the first time, a few seconds from the cache."""
    file = cache / f'prepared-{VOCABULARY_SIZE}.pickle'
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
    for name in {s for _, _, s in pairs}:
        mine = [(q, p) for q, p, s in pairs if s == name]
        out.pairs[name] = (Bags.of([tokeniser.encode(q) for q, _ in mine]), Bags.of([tokeniser.encode(p) for _, p in mine]))
    cache.mkdir(parents=True, exist_ok=True)
    with file.open('wb') as handle:
        pickle.dump(out, handle, protocol=4)
    log(f'tokenised: {sum(len(b.ids) for b in out.sentences.values()):,} tokens in {sum(map(len, out.sentences.values())):,} sentences')
    return out
