"""A twin of the tokeniser that @xenova/transformers builds from tokenizer.json, and the vocabulary it reads.

BertNormalizer (clean, lower case, strip accents), BertPreTokenizer (white space and punctuation), WordPiece.
The twin has to agree with the JavaScript one token for token, or training and serving drift apart;
`test/embedding/bundled-model.test.ts` compares vectors made by both.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

import numpy as np

SPECIALS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
UNKNOWN = 1
MAX_WORD_CHARACTERS = 100

_ASCII_PUNCTUATION = ''.join(chr(c) for c in [*range(0x21, 0x30), *range(0x3A, 0x41), *range(0x5B, 0x61), *range(0x7B, 0x7F)])
_PUNCTUATION = _ASCII_PUNCTUATION + ''.join(
    chr(c) for c in range(0x80, 0x30000) if unicodedata.category(chr(c)).startswith('P')
)
_WORDS = re.compile(rf'[^\s{re.escape(_PUNCTUATION)}]+|[{re.escape(_PUNCTUATION)}]')
_CJK = re.compile('([\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff])')


@lru_cache(maxsize=None)
def _clean(character):
    if character in '\t\n\r':
        return ' '
    if character in '\0\ufffd' or unicodedata.category(character) in ('Cc', 'Cf', 'Co', 'Cs'):
        return ''
    return ' ' if character.isspace() else character


def words(text):
    """Lower-case words and punctuation marks of a text, before WordPiece."""
    if not text.isascii() or not text.isprintable():
        text = ''.join(map(_clean, text))
        text = _CJK.sub(r' \1 ', text)
    text = text.lower()
    if not text.isascii():
        text = re.sub('[\u0300-\u036f]', '', unicodedata.normalize('NFD', text))
    return _WORDS.findall(text)


class WordPiece:
    """Greedy longest-match-first pieces, with every word's pieces remembered."""

    def __init__(self, vocabulary):
        self.vocabulary = vocabulary
        self.ids = {token: i for i, token in enumerate(vocabulary)}
        self._known = {}

    def pieces(self, word):
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._split(word)
        return known

    def _split(self, word):
        if len(word) > MAX_WORD_CHARACTERS:
            return [UNKNOWN]
        out, start = [], 0
        while start < len(word):
            prefix = '##' if start else ''
            for end in range(len(word), start, -1):
                piece = self.ids.get(prefix + word[start:end])
                if piece is not None:
                    break
            else:
                return [UNKNOWN]
            out.append(piece)
            start = end
        return out

    def encode(self, text):
        """Token ids of a text as a list; no special tokens are added."""
        return [i for word in words(text) for i in self.pieces(word)]


def build_vocabulary(weighted_counts, always, size, piece_count):
    """
    Specials, characters and their ## forms, whole words by weighted count, then ## pieces of 2-7 letters
    counted in what the greedy split leaves over of the words that did not get in.
    """
    characters = Counter()
    for word, count in weighted_counts.items():
        for character in word:
            characters[character] += count
    # Ties by the character itself: the order of a counter depends on the run.
    characters = sorted(sorted(characters, key=lambda character: (-characters[character], character))[:220])
    vocabulary = [*SPECIALS, *characters, *('##' + c for c in characters if c not in _PUNCTUATION)]
    taken = set(vocabulary)

    def whole(word):
        return 1 < len(word) <= 24 and word not in taken and not (word.isdigit() and len(word) > 4)

    for word in dict.fromkeys(always):
        if whole(word):
            vocabulary.append(word)
            taken.add(word)
    ranked = sorted(weighted_counts.items(), key=lambda item: (-item[1], item[0]))
    rest = []
    for word, count in ranked:
        if len(vocabulary) >= size - piece_count:
            rest.append((word, count))
        elif whole(word):
            vocabulary.append(word)
            taken.add(word)

    pieces = Counter()
    for word, count in rest:
        if not word.isalpha() or len(word) > 24:
            continue
        head = next((end for end in range(len(word) - 1, 0, -1) if word[:end] in taken), None)
        if head is None:
            continue
        remainder = word[head:]
        for start in range(len(remainder)):
            for end in range(start + 2, min(start + 7, len(remainder)) + 1):
                # Suffixes that end the word are worth more than a stretch inside it.
                pieces[remainder[start:end]] += np.sqrt(count) * (2 if end == len(remainder) else 1) * (end - start - 1)
    for piece, _ in sorted(pieces.items(), key=lambda item: (-item[1], item[0])):
        if len(vocabulary) >= size:
            break
        if '##' + piece not in taken:
            vocabulary.append('##' + piece)
            taken.add('##' + piece)
    return vocabulary
