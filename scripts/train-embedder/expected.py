"""
The questions that the corpus's keeper expects (`corpus/**/*.questions`), with what answers them: the sentence that they
quote, its whole section, and the other questions that the same words answer.
"""

import re
from pathlib import Path

import numpy as np

import text as source

CORPUS = Path(__file__).resolve().parents[2] / 'corpus'
BATCH = 1536

_FRONT_MATTER = re.compile(r'\A---\n(.*?)\n---\n', re.S)
_FOOTNOTE = re.compile(r'\[\^[^\]]+\]')
_LINK = re.compile(r'\[([^\]]+)\]\([^)]*\)')
_TITLE = re.compile(r'^title: *"?(.*?)"?$', re.M)
_HEADING = re.compile(r'^#+ +(.*)$', re.M)


def read(corpus=CORPUS):
    """[(question, sentence, section, quote)], the last three as (number, text with its heading); of a quote only the number."""
    out, numbers = [], {}

    def numbered(*key):
        return numbers.setdefault(key, len(numbers))

    for file in sorted(corpus.rglob('*.questions')):
        content = file.with_suffix('.md').read_text(encoding='utf-8')
        title = _TITLE.search(_FRONT_MATTER.match(content)[1])[1]
        parts = _HEADING.split(_LINK.sub(r'\1', _FOOTNOTE.sub('', _FRONT_MATTER.sub('', content))))
        sections = [(heading, ' '.join(body.split())) for heading, body in zip(['', *parts[1::2]], parts[::2])]
        found = None
        for line in file.read_text(encoding='utf-8').splitlines():
            line = ' '.join(line.split())
            if line.startswith('> '):
                quote = line[2:]
                heading, body = next((h, b) for h, b in sections if quote in b)
                sentence = next((s for s in source.sentences(body) if quote in s), body)
                found = (
                    (numbered(file, sentence), f'{title}. {heading}. {sentence}'),
                    (numbered(file, heading, body), f'{title}. {heading}. {body}'),
                    numbered(file, quote),
                )
            elif line and not line.startswith('#'):
                out.append((line, *found))
    return out


class Expected:
    """Draws batches like `Sampler`."""

    def __init__(self, encode, rng):
        rows = read()
        self._rng = rng
        self._questions = [np.array(encode(question), np.int32) for question, *_ in rows]
        self._question_numbers = np.arange(len(rows))
        self._answers = [
            ([np.array(encode(row[at][1]), np.int32) for row in rows], np.array([row[at][0] for row in rows])) for at in (1, 2)
        ]
        self._quotes = np.array([row[3] for row in rows])
        self._siblings = {}
        for at, number in enumerate(self._quotes):
            self._siblings.setdefault(number, []).append(at)

    def draw(self, reworded, window):
        """The right answers are sentences, sections or other questions of the same quote."""
        rng = self._rng
        rows = rng.choice(len(self._questions), min(BATCH, len(self._questions)), replace=False)
        kind = rng.choice(3, p=[0.4, 0.3, 0.3])
        if kind == 2:
            rows = np.array([at for at in rows if len(self._siblings[self._quotes[at]]) > 1])
            held = [self._questions[self._another(at)] for at in rows]
            numbers = self._quotes[rows]
        else:
            texts, of = self._answers[kind]
            held, numbers = [window(texts[at]) for at in rows], of[rows]
        return ('expected', 'expected-section', 'expected-question')[kind], (
            [reworded(self._questions[at]) for at in rows],
            held,
            numbers,
            self._question_numbers[rows],
        )

    def _another(self, at):
        others = [other for other in self._siblings[self._quotes[at]] if other != at]
        return others[self._rng.integers(len(others))]
