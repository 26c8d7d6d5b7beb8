"""Fine-tunes the encoder for questions about documents, on a CPU.

    fine_tune.py --base FOLDER --pairs pairs.jsonl --text FOLDER --out FOLDER [--bfloat16]

`pairs.jsonl` (written by `export-pairs.ts`): one passage a line with its sentences, its expected and its typed questions, each
with the sentence that answers it, and questions that its document does not answer; first of the corpus, then of the
documents that were written for training. `--text`: folder of general question-passage pairs (see README.md).

Loss: InfoNCE (van den Oord et al. 2018) of question against passages and of question against sentences. Sentence vectors
are pooled from the token states of the passage's own pass ("late chunking", Guenther et al. 2024). Negatives of the
corpus are the passages and sentences of the same step, which are drawn in groups of near neighbours. (Vectors kept from
earlier steps as further negatives were tried: the model learns to tell old vectors from new ones instead.) A passage or
sentence that repeats the answering sentence is no negative.

Stage 5 learns besides when no sentence answers: "no answer" is one more choice beside the sentences, with a learned cosine (as in
the null score of SQuAD 2.0, Rajpurkar et al. 2018), and is the right one for the unanswered questions. So the cosine
of the best sentence tells questions that have an answer from those that come near to the topic.

Stage 6 learns the same from documents on other subjects: what an encoder learns about one corpus alone it does not know of a
page that somebody drops in. Stage 7 goes on with more of them, with questions that have nothing to do with any document, and with
all layers: the lower ones carry the rounding of the published 4-bit weights.

Stage 1 leaves out a third of the documents, so that its model (`stage-1`) measures documents that training has not seen.
The others use all of them. A stage begins from the average of the models that `Stage.start` names. From stage 3 on the
result is the average of the weights over the second half, which keeps what the stages before knew of other
documents (Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima and Better Generalization"). The last: `stage-7-average`.
The embeddings stay frozen, and the lower half of the layers up to stage 6.
"""
import argparse, gzip, hashlib, json, os, random, time
from typing import NamedTuple
import torch
from torch.nn.functional import cross_entropy, normalize
from transformers import AutoModel, PreTrainedTokenizerFast

SEED = 20240105
TEMPERATURE = .02
GENERAL_BATCH = 24
MAX_TOKENS = {'own': 256, 'general': 192}
# Cosine, by the model before training, from which two sentences are taken to say the same.
SAME_SENTENCE = .955


class Stage(NamedTuple):
    steps: int
    rate: float
    # Passages of a step, and questions about each. Questions are short: many of them cost little.
    passages: int
    questions: int
    # What the steps draw from, in turn: the corpus, general English, Japanese.
    cycle: list
    all_documents: bool
    # The models it starts from, by folder in OUT (or the base); averaged.
    start: list
    # Share of passages that are encoded without their header: a page that somebody drops in may have no telling title.
    bare: float = .35
    # Share of questions that are typed ones, of passages that have any; the others are expected ones.
    typed: float = 0
    # Unanswered questions of a step.
    unanswered: int = 0
    # Share of groups of passages that are drawn from the corpus; the others are of the written documents.
    corpus: float = 1
    # Share of questions in Japanese, of passages that have any.
    japanese: float = .25
    # Questions of a step that have nothing to do with any document.
    off_topic: int = 0
    # Layers, from the lowest, that stay as they are.
    frozen: int = 6


CYCLE = ['own', 'own', 'own', 'english', 'own', 'own', 'japanese']
CYCLE_3 = ['own', 'own', 'english', 'own', 'own', 'japanese']
CYCLE_4 = ['own', 'own', 'own', 'english', 'own', 'own', 'japanese', 'own']
BASE = 'base'
STAGES = [
    Stage(140, 4e-5, 16, 5, CYCLE, False, [BASE]),
    Stage(100, 3e-5, 16, 5, CYCLE, True, ['stage-1']),
    Stage(240, 3e-5, 24, 4, CYCLE_3, True, ['stage-1', 'stage-2']),
    Stage(140, 3e-5, 24, 4, CYCLE_4, True, ['stage-3-average'], bare=.45, typed=.6),
    Stage(120, 3e-5, 24, 4, CYCLE_4, True, ['stage-4-average'], bare=.45, typed=.7, unanswered=16),
    Stage(850, 6e-5, 24, 4, CYCLE_4, True, ['stage-5-average'], bare=.35, typed=.7, unanswered=24, corpus=.4, japanese=.35),
    Stage(1000, 5e-5, 24, 4, CYCLE_4, True, ['stage-6-average'], bare=.35, typed=.7, unanswered=24, corpus=.4, japanese=.35, off_topic=8, frozen=0),
]
# Cosine of "no answer" before it is learned: between those of right and of unrelated sentences.
NO_ANSWER = .72
# It learns so many times as fast as the weights, of which there are many.
NO_ANSWER_RATE = 50
# Weights are averaged over every so many steps of the last stage's second half.
AVERAGE_EVERY = 20
OFF_TOPIC = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'questions/unanswered/off-topic.txt')
ENGLISH_SETS = {'nqg_test': 5, 'selqa_test': 3, 'milestones': 1, 'qmsum_ans': 1}


def read_lines(path):
    opener = gzip.open if path.endswith('.gz') else open
    with opener(path, 'rt', encoding='utf8') as file:
        return [json.loads(line) for line in file]


def is_held_out(document):
    return hashlib.sha256(document.encode()).digest()[0] % 3 == 0


class Encoder:
    """`is_short`: computes in bfloat16, which is twice as fast where the processor has it. `frozen`: layers that do not learn."""

    def __init__(self, folder, is_short=False, frozen=6):
        self.is_short, self.frozen = is_short, frozen
        self.tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation='sdpa')
        for parameter in self.model.embeddings.parameters():
            parameter.requires_grad = False
        for layer in self.model.encoder.layer[:self.frozen]:
            for parameter in layer.parameters():
                parameter.requires_grad = False

    def ids(self, text):
        return self.tokenizer(text, add_special_tokens=False)['input_ids']

    def question_ids(self, text):
        return [0] + self.ids('query: ' + text)[:96] + [2]

    def passage_ids(self, header, sentences, limit):
        """-> token ids, [start, end) of each sentence that fits"""
        ids, spans = [0] + self.ids(f'passage: {header}.' if header else 'passage:'), []
        for sentence in sentences:
            start = len(ids)
            ids += self.ids(sentence)
            spans.append((min(start, limit - 1), min(len(ids), limit - 1)))
        return ids[:limit - 1] + [2], spans

    def passage_vectors(self, record):
        """-> vector of the passage, vectors of its sentences"""
        ids, spans = self.passage_ids(record['header'], [record['text'][a:b] for a, b in record['sentences']], MAX_TOKENS['own'])
        vectors, states = self.encode([ids])
        return vectors, pool(states[0], spans)

    def lower(self, sequences):
        """Token states after the frozen layers, and the attention mask to add."""
        width = max(map(len, sequences))
        ids = torch.tensor([s + [1] * (width - len(s)) for s in sequences])
        mask = (ids != 1)
        bias = torch.where(mask, 0., torch.finfo(torch.float32).min)[:, None, None, :]
        with torch.no_grad(), self.precision():
            states = self.model.embeddings(ids)
            for layer in self.model.encoder.layer[:self.frozen]:
                states = layer(states, attention_mask=bias)[0]
        return states, mask, bias

    def upper(self, states, bias):
        with self.precision():
            for layer in self.model.encoder.layer[self.frozen:]:
                states = layer(states, attention_mask=bias)[0]
        return states.float()

    def precision(self):
        return torch.autocast('cpu', dtype=torch.bfloat16, enabled=self.is_short)

    def encode(self, sequences):
        """-> unit vectors, token states"""
        states, mask, bias = self.lower(sequences)
        return self.finish(states, mask, bias)

    def finish(self, states, mask, bias):
        states = self.upper(states, bias)
        weights = mask.unsqueeze(-1).float()
        return normalize((states * weights).sum(1) / weights.sum(1), dim=1), states


def pool(states, spans):
    return torch.stack([normalize(states[start:max(end, start + 1)].mean(0), dim=0) for start, end in spans])


# Passages that are drawn together: one by chance, the others from its nearest.
GROUP, NEAREST = 4, 9


class OwnPassages:
    """Passages of the corpus and of the written documents. The states of the frozen layers are computed once. `judge`: tells what says the same."""

    def __init__(self, encoder, records, judge):
        self.encoder, self.records = encoder, records
        self.prepared, self.expected, self.typed = [], [], []
        self.unanswered = [record['unanswered'] for record in records]
        with open(OFF_TOPIC, encoding='utf8') as file:
            self.off_topic = file.read().split('\n')[:-1]
        self.no_answer = torch.nn.Parameter(torch.tensor(NO_ANSWER))
        self.sentence_owner, self.first_sentence = [], []
        for index, record in enumerate(records):
            texts = [record['text'][a:b] for a, b in record['sentences']]
            variants = []
            for header in (record['header'], ''):
                ids, spans = encoder.passage_ids(header, texts, MAX_TOKENS['own'])
                variants.append((*encoder.lower([ids])[:2], spans))
            self.prepared.append(variants)
            self.first_sentence.append(len(self.sentence_owner))
            self.sentence_owner += [index] * len(spans)
            self.expected.append(by_language(record['expected']))
            self.typed.append(by_language(record['typed']))
        with torch.no_grad():
            passages, sentences = zip(*(judge.passage_vectors(record) for record in records))
        sentences, owner = torch.cat(sentences), torch.tensor(self.sentence_owner)
        # same[i, j]: sentence j repeats sentence i; repeats[i, p]: a sentence of passage p does
        self.same = sentences @ sentences.T >= SAME_SENTENCE
        self.repeats = torch.stack([self.same[:, owner == index].any(1) for index in range(len(records))], 1)
        self.likeness = torch.cat(passages) @ torch.cat(passages).T

    def draw_passages(self, allowed, stage, draw):
        askable = [i for i, expected in enumerate(self.expected) if i in allowed and (expected or stage.typed and self.typed[i])]
        sides = [[i for i in askable if self.records[i]['written'] == written] for written in (False, True)]
        chosen = []
        while len(chosen) < stage.passages:
            side = sides[draw.random() >= stage.corpus]
            seed = draw.choice(side)
            near = sorted((i for i in side if i != seed), key=lambda i: -self.likeness[seed, i].item())[:NEAREST]
            for index in [seed, *draw.sample(near, GROUP - 1)]:
                if index not in chosen and len(chosen) < stage.passages:
                    chosen.append(index)
        return chosen

    def vectors(self, indices, variants=None):
        """-> passage vectors, sentence vectors (one after the other)"""
        parts = [self.prepared[index][variant] for index, variant in zip(indices, variants or [0] * len(indices))]
        width = max(states.shape[1] for states, _, _ in parts)
        states = torch.cat([torch.nn.functional.pad(s, (0, 0, 0, width - s.shape[1])) for s, _, _ in parts])
        mask = torch.cat([torch.nn.functional.pad(m, (0, width - m.shape[1])) for _, m, _ in parts])
        bias = torch.where(mask, 0., torch.finfo(torch.float32).min)[:, None, None, :]
        passages, tokens = self.encoder.finish(states, mask, bias)
        return passages, torch.cat([pool(tokens[row], spans) for row, (_, _, spans) in enumerate(parts)])

    def loss(self, allowed, stage, draw):
        indices = self.draw_passages(allowed, stage, draw)
        asked = []
        for column, index in enumerate(indices):
            for _ in range(stage.questions):
                is_typed = self.typed[index] and (not self.expected[index] or draw.random() < stage.typed)
                languages = self.typed[index] if is_typed else self.expected[index]
                language = 'ja' if 'ja' in languages and draw.random() < stage.japanese else next(iter(languages))
                asked.append((column, *draw.choice(languages[language])))
        questions, _ = self.encoder.encode([self.encoder.question_ids(q) for _, q, _ in asked])
        passages, sentences = self.vectors(indices, [int(draw.random() < stage.bare) for _ in indices])
        counts = [len(self.prepared[i][0][2]) for i in indices]
        first = [sum(counts[:column]) for column in range(len(indices))]
        rows = torch.tensor([self.first_sentence[i] + k for i, count in zip(indices, counts) for k in range(count)])
        targets = torch.tensor([column for column, _, _ in asked])
        answers = torch.tensor([first[column] + min(s, counts[column] - 1) for column, _, s in asked])
        not_p = self.repeats[rows[answers]][:, indices]
        not_s = self.same[rows[answers]][:, rows]
        not_p[range(len(asked)), targets] = False
        not_s[range(len(asked)), answers] = False
        p = (questions @ passages.T / TEMPERATURE).masked_fill(not_p, -1e4)
        s = (questions @ sentences.T / TEMPERATURE).masked_fill(not_s, -1e4)
        loss = cross_entropy(p, targets)
        if not stage.unanswered:
            return loss + cross_entropy(s, answers)
        none = self.no_answer / TEMPERATURE
        loss = loss + cross_entropy(torch.cat([s, none.expand(len(asked), 1)], 1), answers)
        tempting = draw.sample(indices, min(stage.unanswered, len(indices)))
        unanswered = [draw.choice(self.unanswered[index]) for index in tempting if self.unanswered[index]]
        unanswered += draw.sample(self.off_topic, stage.off_topic)
        if unanswered:
            questions, _ = self.encoder.encode([self.encoder.question_ids(q) for q in unanswered])
            u = torch.cat([questions @ sentences.T / TEMPERATURE, none.expand(len(unanswered), 1)], 1)
            loss = loss + cross_entropy(u, torch.full((len(unanswered),), u.shape[1] - 1))
        return loss


def by_language(questions):
    """-> language -> (question, number of the sentence that answers it)"""
    found = {}
    for question in questions:
        found.setdefault(question['lang'], []).append((question['q'], question['s']))
    return found


def general_loss(encoder, pairs, draw):
    """Pairs that stand near to each other in their file, often of one article: harder to tell apart."""
    start = draw.randrange(max(1, len(pairs) - 200))
    chosen, seen = [], set()
    for pair in draw.sample(pairs[start:start + 200], min(200, len(pairs))):
        if pair['p'] not in seen and len(chosen) < GENERAL_BATCH:
            seen.add(pair['p']); chosen.append(pair)
    q, _ = encoder.encode([encoder.question_ids(pair['q']) for pair in chosen])
    p, _ = encoder.encode([encoder.passage_ids('', [pair['p']], MAX_TOKENS['general'])[0] for pair in chosen])
    return 2 * cross_entropy(q @ p.T / TEMPERATURE, torch.arange(len(chosen)))


def train(encoder, own, general, stage, *, allowed, draw, label, folder):
    parameters = [p for p in encoder.model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW([{'params': parameters, 'speed': 1},
                                   {'params': [own.no_answer], 'speed': NO_ANSWER_RATE, 'weight_decay': 0}], lr=stage.rate, weight_decay=.01)
    warm_up, losses, started = 20, {}, time.time()
    average, averaged = {}, 0
    encoder.model.train()
    for step in range(stage.steps):
        for group in optimizer.param_groups:
            group['lr'] = group['speed'] * stage.rate * min((step + 1) / warm_up, max(.05, (stage.steps - step) / (stage.steps - warm_up)))
        kind = stage.cycle[step % len(stage.cycle)]
        if kind == 'own':
            loss = own.loss(allowed, stage, draw)
        elif kind == 'english':
            name = draw.choices(list(ENGLISH_SETS), list(ENGLISH_SETS.values()))[0]
            loss = general_loss(encoder, general[name], draw)
        else:
            loss = general_loss(encoder, general['japanese'], draw)
        optimizer.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.)
        optimizer.step()
        losses.setdefault(kind, []).append(loss.item())
        if (step + 1) % 20 == 0:
            means = ' '.join(f'{k} {sum(v[-8:]) / len(v[-8:]):.3f}' for k, v in losses.items())
            print(f'{label} {step + 1}/{stage.steps} {means} {time.time() - started:.0f} s', flush=True)
        if 2 * step >= stage.steps and (step + 1) % AVERAGE_EVERY == 0 or step + 1 == stage.steps:
            averaged += 1
            for name, weights in encoder.model.state_dict().items():
                average[name] = average.get(name, 0) + (weights.float() - average.get(name, 0)) / averaged
            save(encoder, folder)
            save(encoder, f'{folder}-average', average)
    encoder.model.eval()


def save(encoder, folder, state=None):
    encoder.model.save_pretrained(folder, **({} if state is None else {'state_dict': {k: v.contiguous() for k, v in state.items()}}))
    encoder.tokenizer.save_pretrained(folder)


def start_of(stage, options):
    """The average of the models that the stage starts from, as a folder."""
    folders = [options.base if name == BASE else os.path.join(options.out, name) for name in stage.start]
    if len(folders) == 1:
        return folders[0]
    models = [AutoModel.from_pretrained(folder, add_pooling_layer=False) for folder in folders]
    states = [model.state_dict() for model in models]
    models[0].load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
    folder = os.path.join(options.out, 'start-' + '-'.join(stage.start))
    models[0].save_pretrained(folder)
    PreTrainedTokenizerFast.from_pretrained(folders[0]).save_pretrained(folder)
    return folder


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('--base', required=True, help='folder of the model to start from (make_base.py writes it)')
    arguments.add_argument('--pairs', required=True, help='passages with questions, JSON lines')
    arguments.add_argument('--text', required=True, help='folder with pairs.jsonl.gz and japanese-pairs.jsonl.gz')
    arguments.add_argument('--out', required=True, help='folder for the model of each stage')
    arguments.add_argument('--first', type=int, default=1, choices=range(1, len(STAGES) + 1), help='stage to begin with; the models of those before it are in OUT')
    arguments.add_argument('--steps', type=int, help='steps of each stage, to try the script out (default: as in STAGES)')
    arguments.add_argument('--bfloat16', action='store_true', help='compute in bfloat16: faster on processors that have it')
    options = arguments.parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    records = read_lines(options.pairs)
    general = {name: [] for name in ENGLISH_SETS}
    for pair in read_lines(os.path.join(options.text, 'pairs.jsonl.gz')):
        if pair['s'] in general:
            general[pair['s']].append(pair)
    general['japanese'] = read_lines(os.path.join(options.text, 'japanese-pairs.jsonl.gz'))
    everything = set(range(len(records)))
    for number, stage in enumerate(STAGES, 1):
        if number < options.first:
            continue
        # Each stage starts from files and a seed of its own, so that it can be repeated alone.
        torch.manual_seed(SEED + number)
        draw = random.Random(SEED + number)
        encoder = Encoder(start_of(stage, options), options.bfloat16, stage.frozen)
        encoder.model.eval()
        own = OwnPassages(encoder, records, Encoder(options.base))
        allowed = everything if stage.all_documents else {i for i in everything if not is_held_out(records[i]['doc'])}
        folder = os.path.join(options.out, f'stage-{number}')
        train(encoder, own, general, stage._replace(steps=options.steps or stage.steps), allowed=allowed, draw=draw, label=f'stage {number}', folder=folder)


if __name__ == '__main__':
    main()
