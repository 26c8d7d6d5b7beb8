"""
Second stage: the table learns that a question and the passage that answers it belong together (InfoNCE over the
other passages of the batch), by the cosine of their sums and by soft alignment, the two ways in which the search uses it.
"""

import time

import numpy as np
import torch
from torch.nn import functional

from tokens import Bags
from wordpiece import SPECIALS

TEMPERATURE = 0.05
BATCH = 2048
TOKEN_DROPOUT = 0.3
# Chance that a cloze question keeps only the words that its passage lacks.
SHARED_WORD_DELETION = 0.3
# Chance, for each word of a question made by rule that its passage shares, to be dropped: such questions copy too much.
RULE_WORD_DELETION = 0.45
# Chance, for each word of a question, to be said in other words.
REWORDING = 0.15
LONGEST = 192

# Soft alignment is trained on part of every second batch: it costs as much as all the rest.
SOFT_EVERY = 2
SOFT_ROWS = 144
SOFT_QUESTION_TOKENS = 14
SOFT_PASSAGE_TOKENS = 48
SOFT_TEMPERATURE = 0.04
SOFT_WEIGHT = 0.5

# How often a batch comes from each source.
WEIGHTS = {
    'speeches': 6.0,
    'encyclopedia': 1.5,
    'nqg_test': 0.8,
    'gloss': 0.7,
    'synonyms': 0.4,
    'factbook': 0.5,
    'selqa_test': 0.25,
    'hypernyms': 0.2,
    'qmsum': 0.05,
    'qmsum_ans': 0.05,
    'milestones': 0.1,
    'names': 0.25,
    'thesaurus': 0.35,
    'rule': 0.8,
    'rule-passage': 0.8,
    'keywords': 1.0,
}

# What stands around the words that matter when people ask: its tokens have to learn to weigh little.
_FRAMES = [
    'what did she say about {} ?', 'what was said about {} ?', 'did they talk about {} ?', 'what about {} ?', 'tell me about {}',
    'what did the minister say on {} ?', 'why {} ?', 'what happened with {} ?', 'how did they respond to {} ?', '{}', '{}', '{} ?',
    'was there anything on {} ?', 'what is known about {} ?', 'what was agreed on {} ?', 'who spoke about {} ?', 'what does it say about {}',
    'which topics came up , {} ?', 'what position did he take on {} ?', 'is there any mention of {} ?', 'what are the plans for {} ?',
]


class Sampler:
    """Draws batches: (question bags, passage bags, number of the passage, number of the question)."""

    def __init__(self, prepared, encode, frequency, groups, synsets, rng):
        """`groups` are lists of expressions that stand for one another, `synsets` the dictionary's."""
        self._prepared = prepared
        self._rng = rng
        self._pairs = dict(prepared.pairs)
        self._group_of = {}
        self._add_thesaurus(groups, encode)
        self._other_words = _other_words(groups, synsets, encode)
        self._weight = 1e-4 / (1e-4 + frequency)
        self._frames = [[encode(part) for part in frame.split('{}')] for frame in _FRAMES]
        self.sources = [name for name in WEIGHTS if name in self._pairs or name in ('speeches', 'encyclopedia', 'keywords')]
        weights = np.array([WEIGHTS[name] for name in self.sources])
        self._chance = weights / weights.sum()

    def draw(self):
        name = self.sources[self._rng.choice(len(self.sources), p=self._chance)]
        if name in ('speeches', 'encyclopedia'):
            return name, self._cloze(name, keywords=False)
        if name == 'keywords':
            return name, self._cloze('speeches' if self._rng.random() < 0.7 else 'encyclopedia', keywords=True)
        questions, passages = self._pairs[name]
        rows = self._rng.choice(len(questions), min(BATCH, len(questions)), replace=False)
        q, p = [questions[r] for r in rows], [self.window(passages[r]) for r in rows]
        if name.startswith('rule'):
            q = [self.without_shared(asked, passage) for asked, passage in zip(q, p)]
        numbers = self._group_of[name][rows] if name in self._group_of else self.numbers(p)
        if name not in ('gloss', 'synonyms', 'hypernyms', 'names', 'thesaurus', 'factbook'):
            q = [self.reworded(asked) for asked in q]
        return name, (q, p, numbers, self.numbers(q))

    def _add_thesaurus(self, groups, encode):
        pairs = [(a, b, number) for number, group in enumerate(groups) for a in group for b in group if a != b]
        self._pairs['thesaurus'] = (Bags.of([encode(a) for a, _, _ in pairs]), Bags.of([encode(b) for _, b, _ in pairs]))
        self._group_of['thesaurus'] = np.array([number for _, _, number in pairs])

    def without_shared(self, asked, passage):
        dropped = np.isin(asked, passage) & (self._rng.random(len(asked)) < RULE_WORD_DELETION)
        return asked[~dropped] if (~dropped).sum() > 2 else asked

    def reworded(self, ids):
        changed = self._rng.random(len(ids)) < REWORDING
        if not changed.any():
            return ids
        out = []
        for token, change in zip(ids, changed):
            others = self._other_words.get(token) if change else None
            out.append(others[self._rng.integers(len(others))] if others else [token])
        return np.fromiter((t for piece in out for t in piece), np.int32)

    def numbers(self, texts):
        """Equal texts get equal numbers, so that a repeat is not taken for a wrong answer."""
        seen = {}
        return np.array([seen.setdefault(text.tobytes(), len(seen)) for text in texts])

    def window(self, ids):
        if len(ids) <= LONGEST:
            return ids
        start = self._rng.integers(len(ids) - LONGEST)
        return ids[start : start + LONGEST]

    def _cloze(self, name, keywords):
        rng, starts = self._rng, self._prepared.passage_starts[name]
        sentences = self._prepared.sentences[name]
        count = len(starts) - 1
        if rng.random() < 0.5 and name == 'speeches':
            # Passages that follow each other speak of the same things: harder to tell apart.
            firsts = rng.choice(count - 16, BATCH // 16, replace=False)
            rows = np.fromiter(dict.fromkeys((firsts[:, None] + np.arange(16)).ravel()), np.int64)
        else:
            rows = rng.choice(count, BATCH, replace=False)
        q, p, numbers = [], [], []
        for row in rows:
            first, last = starts[row], starts[row + 1]
            chosen = rng.integers(first, last)
            asked = sentences[chosen]
            if len(asked) < 4:
                continue
            if keywords:
                passage = sentences.span(first, last)
                asked = self._keywords(asked)
            elif last - first > 1 and rng.random() < 0.9:
                passage = np.concatenate([sentences.span(first, chosen), sentences.span(chosen + 1, last)])
            else:
                half = len(asked) // 2
                passage = sentences.span(first, last) if last - first > 1 else asked[half:]
                asked = asked if last - first > 1 else asked[:half]
            if last - first > 3 and not keywords and rng.random() < 0.3:
                # One or two sentences beside the cloze instead of the whole passage.
                near = chosen + 1 if chosen + 1 < last else chosen - 1
                passage = sentences.span(near, min(near + rng.integers(1, 3), last)) if near > chosen else sentences[near]
            asked, passage = self.reworded(self.window(asked)), self.window(passage)
            if rng.random() < SHARED_WORD_DELETION and not keywords:
                kept = asked[~np.isin(asked, passage)]
                asked = kept if len(kept) > 2 else asked
            q.append(asked)
            p.append(passage)
            numbers.append(row)
        return q, p, np.array(numbers), self.numbers(q)

    def _keywords(self, ids):
        """Two to six words of a sentence, rare ones preferred, inside a way of asking."""
        rng = self._rng
        noise = rng.gumbel(size=len(ids)) * 0.35 + self._weight[ids]
        chosen = np.sort(np.argsort(-noise)[: rng.integers(2, 7)])
        before, *after = self._frames[rng.integers(len(self._frames))]
        return np.array([*before, *ids[chosen], *(after[0] if after else [])], np.int32)


def _other_words(groups, synsets, encode):
    """{token: [token ids, ...]}: what may stand for a token; our own groups win over the dictionary."""
    out = {}
    for group in groups:
        forms = [encode(member) for member in group]
        for form in forms:
            if len(form) == 1:
                out.setdefault(form[0], []).extend(other for other in forms if other != form and len(other) < 4)
    dictionary = {}
    for synset in synsets:
        forms = [encode(member) for member in synset['m'][:4]]
        single = [form for form in forms if len(form) == 1]
        for form in single:
            dictionary.setdefault(form[0], []).extend(other for other in forms if other != form and len(other) < 3)
    # A word with many senses would mostly be replaced by a wrong one.
    return {**{token: others for token, others in dictionary.items() if 0 < len(others) <= 6}, **out}


def _bags(texts, rng):
    bags = Bags.join(texts)
    keep = rng.random(len(bags.ids)) >= TOKEN_DROPOUT
    keep[bags.offsets[:-1][np.diff(bags.offsets) > 0]] |= True
    thinned = bags.keep(keep)
    return torch.from_numpy(thinned.ids.astype(np.int64)), torch.from_numpy(thinned.offsets[:-1].copy())


def embed(table, ids, offsets):
    return functional.normalize(functional.embedding_bag(ids, table, offsets, mode='sum'), dim=1, eps=1e-6)


def loss_of(table, batch, rng):
    questions, passages, passage_numbers, question_numbers = batch
    q = embed(table, *_bags(questions, rng))
    p = embed(table, *_bags(passages, rng))
    scores = q @ p.T / TEMPERATURE
    scores = scores.masked_fill(repeats(passage_numbers, question_numbers), -1e4)
    target = torch.arange(len(questions))
    back = scores[:, : len(questions)].T
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(back, target)) / 2


def repeats(passage_numbers, question_numbers):
    """[questions, passages], true where a passage is the right one under another row: not to be counted as wrong."""
    count = len(question_numbers)
    same = passage_numbers[:count, None] == passage_numbers
    same[:, :count] |= question_numbers[:, None] == question_numbers
    np.fill_diagonal(same, False)
    return torch.from_numpy(same)


def _padded(texts, width, rng):
    out = np.zeros((len(texts), width), np.int64)
    for row, ids in enumerate(texts):
        ids = rng.permutation(ids)[:width] if len(ids) > width else ids
        out[row, : len(ids)] = ids
    return torch.from_numpy(out)


def soft_loss_of(table, batch, rng):
    """InfoNCE on the soft alignment score, as `evaluate.soft_scores` and the search compute it."""
    questions, passages, passage_numbers, question_numbers = batch
    # Each question has its right passage at its own place and `extra` wrong ones behind all the right ones.
    extra = len(passages) // len(questions) - 1
    rows = SOFT_ROWS // (1 + extra) if extra else min(SOFT_ROWS, len(questions))
    kept = [at + block * len(questions) for block in range(1 + extra) for at in range(rows)]
    asked = _padded([q[rng.random(len(q)) >= 0.1] for q in questions[:rows]], SOFT_QUESTION_TOKENS, rng)
    held = _padded([passages[at] for at in kept], SOFT_PASSAGE_TOKENS, rng)
    asked_rows = table[asked.ravel()]
    weight = asked_rows.norm(dim=1)
    asked_unit = functional.normalize(asked_rows, dim=1, eps=1e-6).bfloat16()
    held_unit = functional.normalize(table[held.ravel()], dim=1, eps=1e-6).bfloat16()
    # `max`, whose gradient is a scatter, takes a third of the time of `amax`.
    best = (asked_unit @ held_unit.T).view(-1, len(kept), SOFT_PASSAGE_TOKENS).max(2)[0].float().clamp(min=0).square()
    scores = (best * weight[:, None]).view(rows, SOFT_QUESTION_TOKENS, len(kept)).sum(1)
    scores = scores / weight.view(rows, SOFT_QUESTION_TOKENS).sum(1, keepdim=True).clamp(min=1e-6) / SOFT_TEMPERATURE
    scores = scores.masked_fill(repeats(passage_numbers[kept], question_numbers[:rows]), -1e4)
    return functional.cross_entropy(scores, torch.arange(rows))


def train(
    start, sampler, steps, rng, log, check, rate=1.2e-3, warm_up=100, check_every=250, soft_every=SOFT_EVERY, soft_weight=SOFT_WEIGHT
):
    """Returns the trained table. `check(table)` says how good it is now, for the log."""
    table = torch.nn.Parameter(torch.from_numpy(start.copy()))
    optimiser = torch.optim.Adam([table], lr=rate, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm_up, 1) * (1 - 0.98 * max(s - warm_up, 0) / max(steps - warm_up, 1))
    )
    began, recent = time.time(), {}
    for step in range(1, steps + 1):
        name, batch = sampler.draw()
        loss = loss_of(table, batch, rng)
        recent.setdefault(name, []).append(loss.item())
        if step % soft_every == 0 and name not in ('gloss', 'synonyms', 'hypernyms', 'thesaurus', 'names'):
            soft = soft_loss_of(table, batch, rng)
            recent.setdefault('soft', []).append(soft.item())
            loss = loss + soft_weight * soft
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        table.grad[: len(SPECIALS)] = 0
        optimiser.step()
        schedule.step()
        if step % check_every == 0 or step == steps:
            losses = ' '.join(f'{n} {np.mean(v):.2f}' for n, v in sorted(recent.items()))
            log(f'step {step} ({(time.time() - began) / step:.2f} s each) {check(table.detach().numpy())} | {losses}')
            recent = {}
    return table.detach().numpy()
