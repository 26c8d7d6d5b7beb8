"""Fine-tunes the encoder for questions about documents, in one run of some minutes on a GPU.

    fine_tune.py --base FOLDER --pairs pairs.jsonl --text FOLDER --out FOLDER [--steps N]

`pairs.jsonl` (written by `export-pairs.ts`): one passage a line with its sentences, its expected and its typed questions, each
with the sentence that answers it, and questions that its document does not answer; first of the corpus, then of the
documents that were written for training. `--text`: folder of general question-passage pairs (see README.md).

A step learns four things, with one set of weights:

1. Search: InfoNCE (van den Oord et al. 2018) of question against passages and of question against sentences. Sentence vectors
   are pooled from the token states of the passage's own pass ("late chunking", Guenther et al. 2024). Negatives are the
   passages and sentences of the same step, which are drawn in groups of near neighbours. What repeats the answering
   sentence is no negative.
2. When no sentence answers: "no answer" is one more choice beside the sentences, with a learned cosine (as the null score
   of SQuAD 2.0, Rajpurkar et al. 2018), and is the right one for unanswered questions.
3. Reading: question and passage in one sequence. A linear head scores each pooled sentence, over the passages of a group and "no
   answer" with a score of 0. It sees both at once, as a cross-encoder does (Nogueira and Cho 2019), and costs a pass a passage.
4. General pairs, English and Japanese, keep what the encoder knows of other subjects: for them it searches and reads too.

The result is the average of the weights over the second half (Izmailov et al. 2018, "Averaging Weights Leads to Wider
Optima and Better Generalization"), as transformers saves it, with the head in `reading.json`. The embeddings stay as they are.
"""
import argparse, gzip, json, os, random, time
from typing import NamedTuple
import torch
from torch.nn.functional import cross_entropy, dropout, gelu, linear, normalize, pad, scaled_dot_product_attention
from transformers import AutoModel, PreTrainedTokenizerFast

SEED = 20240105
STEPS = 1819
RATE = 1e-4
WARM_UP = 150
TEMPERATURE = .02
MAX_QUESTION, MAX_PASSAGE, MAX_READING, MOST_TOKENS = 64, 256, 320, 512
# Cosine, by the base model, from which two sentences are taken to say the same.
SAME_SENTENCE = .955
# Passages are drawn in groups: one by chance, the others from its nearest.
GROUP, NEAREST = 4, 9
# Questions about each passage. They are short: many of them cost little.
QUESTIONS = 4
# Shares: of groups from the corpus; of typed questions, where a passage has any; of Japanese ones; of passages without
# their header, for a page that somebody drops in may have no telling title.
CORPUS, TYPED, JAPANESE, BARE = .4, .75, .3, .35
# Cosine of "no answer" before it is learned: between those of right and of unrelated sentences. It and the head
# learn so many times as fast as the weights, of which there are many.
NO_ANSWER, FASTER = .72, 50
AVERAGE_EVERY = 20
# Processes that prepare steps.
WORKERS = 10
ENGLISH_SETS = {'nqg_test': 5, 'selqa_test': 3, 'milestones': 1, 'qmsum_ans': 1}
OFF_TOPIC_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'questions/unanswered/off-topic.txt')


class Batch(NamedTuple):
    """What a step has of each. It takes 30 GB of memory; with a share of all it takes as much less, and learns otherwise."""
    passages: int = 64
    unanswered: int = 48
    off_topic: int = 24
    # Questions that are read with the passages of their group.
    read: int = 32
    read_unanswered: int = 14
    read_off_topic: int = 2
    general: int = 48
    read_general: int = 12

    def share(self, passages):
        return Batch(*(max(1, count * passages // self.passages) for count in self))


def read_lines(path):
    opener = gzip.open if path.endswith('.gz') else open
    with opener(path, 'rt', encoding='utf8') as file:
        return [json.loads(line) for line in file]


class Tokens:
    """Texts to token ids, cut as the product cuts them (`questionTokens`, `passageTokens` in src/embedding/model.ts)."""

    def __init__(self, folder):
        self.tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)

    def ids(self, texts):
        return self.tokenizer(list(texts), add_special_tokens=False)['input_ids'] if texts else []


def joined(before, sentences, limit):
    """-> token ids, [start, end) of each sentence that fits"""
    ids, spans = [0] + before, []
    for sentence in sentences:
        start = len(ids)
        ids = ids + sentence
        spans.append((min(start, limit - 2), min(max(len(ids), start + 1), limit - 1)))
    return ids[:limit - 1] + [2], spans


class Sequences(NamedTuple):
    """Token sequences in chunks of like length, padded. `places`: where each sequence, and each span, is in the chunks' output."""
    chunks: list
    places: torch.Tensor
    spans: list
    span_places: torch.Tensor


def sequences_of(parts, chunks):
    """(ids, spans) of each sequence -> Sequences"""
    order = sorted(range(len(parts)), key=lambda i: len(parts[i][0]))
    size = -(-len(order) // chunks)
    padded, spans, span_order = [], [], []
    for start in range(0, len(order), size):
        some = order[start:start + size]
        width = len(parts[some[-1]][0])
        padded.append(torch.tensor([parts[i][0] + [1] * (width - len(parts[i][0])) for i in some]))
        spans.append(torch.tensor([(row, *span) for row, i in enumerate(some) for span in parts[i][1]], dtype=torch.long).reshape(-1, 3))
        span_order += [(i, k) for i in some for k in range(len(parts[i][1]))]
    return Sequences(padded, torch.tensor(order).argsort(), spans,
                     torch.tensor(sorted(range(len(span_order)), key=span_order.__getitem__), dtype=torch.long))


class Encoder(torch.nn.Module):
    """A BERT as transformers has it, run by our own few lines: a third of the kernel launches, which is what a step of a small model takes."""

    def __init__(self, folder):
        super().__init__()
        self.model = AutoModel.from_pretrained(folder, add_pooling_layer=False)
        self.no_answer = torch.nn.Parameter(torch.tensor(NO_ANSWER))
        self.head = torch.nn.Linear(self.model.config.hidden_size, 1)
        torch.nn.init.zeros_(self.head.weight), torch.nn.init.zeros_(self.head.bias)
        for parameter in self.model.embeddings.parameters():
            parameter.requires_grad = False

    def states(self, ids, mask):
        """-> token states [sequences, width, hidden]"""
        settings = self.model.config
        drop = settings.hidden_dropout_prob if self.training else 0
        heads = (*ids.shape, 3, settings.num_attention_heads, -1)
        x = self.model.embeddings(ids)
        for layer in self.model.encoder.layer:
            attention, feed_in, feed_out = layer.attention, layer.intermediate.dense, layer.output
            inputs = [attention.self.query, attention.self.key, attention.self.value]
            joint = linear(x, torch.cat([part.weight for part in inputs]), torch.cat([part.bias for part in inputs]))
            query, key, value = joint.view(heads).permute(2, 0, 3, 1, 4)
            seen = scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None], dropout_p=drop)
            x = attention.output.LayerNorm(x + dropout(attention.output.dense(seen.transpose(1, 2).flatten(2)), drop))
            x = feed_out.LayerNorm(x + dropout(feed_out.dense(gelu(feed_in(x))), drop))
        return x

    def forward(self, sequences):
        """-> unit vectors of the sequences, unit vectors of all their spans one after the other"""
        device, wholes, parts = self.no_answer.device, [], []
        for ids, spans in zip(sequences.chunks, sequences.spans):
            ids, (row, start, end) = ids.to(device, non_blocking=True), spans.to(device, non_blocking=True).T
            mask = ids != 1
            states = self.states(ids, mask).float()
            wholes.append(normalize((states * mask.unsqueeze(-1)).sum(1), dim=1))
            # The sum over a span is a difference of running sums.
            sums = pad(states.cumsum(1), (0, 0, 1, 0))
            parts.append(normalize(sums[row, end] - sums[row, start], dim=1))
        return torch.cat(wholes)[sequences.places.to(device)], torch.cat(parts)[sequences.span_places.to(device)]


class Passage(NamedTuple):
    header: list
    sentences: list
    document: str
    written: bool
    expected: dict
    typed: dict
    unanswered: list
    first: int


def by_language(questions, tokens):
    """-> language -> [(token ids of "query: …", number of the sentence that answers it)]"""
    found = {}
    for question, ids in zip(questions, tokens.ids(['query: ' + question['q'] for question in questions])):
        found.setdefault(question['lang'], []).append((ids, question['s']))
    return found


def passages_of(records, tokens):
    passages, first, unanswered = [], 0, {}
    for record in records:
        if record['doc'] not in unanswered:
            unanswered[record['doc']] = tokens.ids(['query: ' + text for text in record['unanswered']])
        header, = tokens.ids([record['header'] + '.']) if record['header'] else [[]]
        sentences = tokens.ids([record['text'][a:b] for a, b in record['sentences']])
        passages.append(Passage(header, sentences, record['doc'], record['written'], by_language(record['expected'], tokens),
                                by_language(record['typed'], tokens), unanswered[record['doc']], first))
        first += len(sentences)
    return passages


class General(NamedTuple):
    """Pairs that stand near to each other in their file are often of one article: harder to tell apart."""
    questions: list
    texts: list
    # Token ids of a text's sentences.
    sentences: list


def general_of(pairs, tokens):
    texts = list(dict.fromkeys(pair['p'] for pair in pairs))
    parts = [[part + mark for part, mark in cut(text)] for text in texts]
    ids = iter(tokens.ids([part for some in parts for part in some]))
    sentences = {text: [next(ids) for _ in some] for text, some in zip(texts, parts)}
    return General(tokens.ids(['query: ' + pair['q'] for pair in pairs]), [pair['p'] for pair in pairs],
                   [sentences[pair['p']] for pair in pairs])


def cut(text):
    """Sentences of a Japanese text; an English one here is one already, or is taken whole."""
    pieces = text.split('。')
    return [(piece, '。') for piece in pieces[:-1] if piece.strip()] + ([(pieces[-1], '')] if pieces[-1].strip() else [])


class Steps(torch.utils.data.Dataset):
    """What each step computes with, as token sequences. A step has a seed of its own, so that several processes can prepare them."""

    def __init__(self, passages, general, off_topic, base, steps, batch):
        self.passages, self.general, self.off_topic, self.steps, self.batch = passages, general, off_topic, steps, batch
        self.mark, self.stop = base['mark'], base['stop']
        self.same, self.repeats, self.near = base['same'], base['repeats'], base['near']
        asked = [i for i, passage in enumerate(passages) if passage.expected or passage.typed]
        self.sides = [[i for i in asked if passages[i].written == written] for written in (False, True)]
        # With fewer, a step may find no group that is not drawn yet.
        least = 2 * batch.passages
        if min(map(len, self.sides)) < least:
            raise SystemExit(f'Expected {least} passages with questions of the corpus and of written documents, found {list(map(len, self.sides))}.')

    def __len__(self):
        return self.steps

    def draw_groups(self, draw):
        groups, chosen = [], set()
        while len(chosen) < self.batch.passages:
            corpus = draw.random() < CORPUS
            first = draw.choice(self.sides[not corpus])
            near = [i for i in self.near[first] if i not in chosen]
            if first in chosen or len(near) < GROUP - 1:
                continue
            groups.append([first, *draw.sample(near, GROUP - 1)])
            chosen.update(groups[-1])
        return groups

    def question_of(self, passage, draw):
        typed = passage.typed and (not passage.expected or draw.random() < TYPED)
        languages = passage.typed if typed else passage.expected
        language = 'ja' if 'ja' in languages and ('en' not in languages or draw.random() < JAPANESE) else 'en'
        return draw.choice(languages[language])

    def sequence(self, index, is_bare):
        passage = self.passages[index]
        return joined(self.mark + ([] if is_bare else passage.header), passage.sentences, MAX_PASSAGE)

    def reading(self, question, index, is_bare):
        passage = self.passages[index]
        return joined(reading_start(question, self.mark, self.stop if is_bare or not passage.header else passage.header), passage.sentences, MAX_READING)

    def __getitem__(self, step):
        draw = random.Random(SEED * 100_000 + step)
        groups = self.draw_groups(draw)
        indices = [index for group in groups for index in group]
        bare = [draw.random() < BARE for _ in indices]
        counts = [len(self.passages[i].sentences) for i in indices]
        first = [sum(counts[:column]) for column in range(len(indices))]
        rows = torch.tensor([self.passages[i].first + k for i, count in zip(indices, counts) for k in range(count)])
        askable = [column for column, i in enumerate(indices) if self.passages[i].expected or self.passages[i].typed]
        asked = [(column, *self.question_of(self.passages[indices[column]], draw)) for column in askable for _ in range(QUESTIONS)]
        targets = torch.tensor([column for column, _, _ in asked])
        answers = torch.tensor([first[column] + min(s, counts[column] - 1) for column, _, s in asked])
        not_p = self.repeats[rows[answers]][:, indices]
        not_s = self.same[rows[answers]][:, rows]
        not_p[range(len(asked)), targets] = False
        not_s[range(len(asked)), answers] = False
        tempting = [(column, draw.choice(self.passages[i].unanswered)) for column, i in enumerate(indices) if self.passages[i].unanswered]
        tempting = draw.sample(tempting, min(self.batch.unanswered, len(tempting)))
        off_topic = draw.sample(self.off_topic, self.batch.off_topic)
        passages = [self.sequence(i, b) for i, b in zip(indices, bare)]
        unanswered = [question for _, question in tempting] + off_topic
        readings, wanted = self.readings(draw, groups, bare, asked, tempting, off_topic)
        general = self.pairs(step, draw)
        short = [question for _, question, _ in asked] + unanswered + general['questions']
        long = passages + general['passages'] + readings + general['readings']
        spans = [sum(len(parts) for _, parts in some) for some in (passages, readings, general['readings'])]
        return {'short': sequences_of([(closed(question), []) for question in short], 1), 'long': sequences_of(long, 2),
                'passages': len(passages), 'counts': ([len(asked), len(unanswered), len(general['questions'])], spans),
                'targets': targets, 'answers': answers, 'not_p': not_p, 'not_s': not_s,
                'wanted': choices_of(wanted), 'general_wanted': choices_of(general['wanted'])}

    def readings(self, draw, groups, bare, asked, tempting, off_topic):
        """Questions with the passages of their group: sequences, and by question the sentences that answer and those that repeat them."""
        sequences, wanted = [], []

        def add(column, question, answer):
            group = column // GROUP
            rows, right = [], None
            for at, index in enumerate(groups[group]):
                sequences.append(self.reading(question, index, bare[group * GROUP + at]))
                if group * GROUP + at == column and answer is not None:
                    right = self.passages[index].first + min(answer, len(self.passages[index].sentences) - 1)
                rows += range(self.passages[index].first, self.passages[index].first + len(self.passages[index].sentences))
            if right is None:
                wanted.append((len(rows), [], []))
            else:
                at, same = rows.index(right), self.same[right]
                wanted.append((len(rows), [at], [k for k, row in enumerate(rows) if same[row] and k != at]))

        for column, question, answer in draw.sample(asked, self.batch.read):
            add(column, question, answer)
        for column, question in tempting[:self.batch.read_unanswered]:
            add(column, question, None)
        for question in off_topic[:self.batch.read_off_topic]:
            add(draw.randrange(self.batch.passages), question, None)
        return sequences, wanted

    def pairs(self, step, draw):
        """A general set in turn. It is read as well: each question with the passages of others."""
        sets = [name for name in ENGLISH_SETS if self.general[name].texts]
        name = 'japanese' if step % 2 else draw.choices(sets, [ENGLISH_SETS[name] for name in sets])[0]
        pairs = self.general[name]
        start = draw.randrange(max(1, len(pairs.texts) - 200))
        near = range(start, min(start + 200, len(pairs.texts)))
        chosen, seen = [], set()
        for i in draw.sample(near, len(near)):
            if pairs.texts[i] not in seen and len(chosen) < self.batch.general:
                seen.add(pairs.texts[i])
                chosen.append(i)
        sequences, wanted = [], []
        for at in range(min(self.batch.read_general, len(chosen))):
            others = draw.sample([i for k, i in enumerate(chosen) if k != at], GROUP - 1)
            is_answered, count = draw.random() < .75, 0
            # One general text says where the answer is, not which of its sentences has it: any of them is right.
            for i in [chosen[at], *others] if is_answered else others:
                sequences.append(joined(reading_start(pairs.questions[chosen[at]], self.mark, self.stop), pairs.sentences[i], MAX_READING))
                count += len(pairs.sentences[i])
            wanted.append((count, list(range(len(pairs.sentences[chosen[at]]))) if is_answered else [], []))
        return {'questions': [pairs.questions[i] for i in chosen], 'passages': [(joined(self.mark, pairs.sentences[i], MAX_PASSAGE)[0], []) for i in chosen],
                'readings': sequences, 'wanted': wanted}


def reading_start(question, mark, header):
    """The start of "passage: query: QUESTION passage: HEADER. SENTENCES", as `textToRead` in src/search/search.ts has it."""
    return mark + question[:MAX_QUESTION - 2] + mark + header


def closed(question):
    return [0] + question[:MAX_QUESTION - 2] + [2]


class Choices(NamedTuple):
    """Where the sentences that a question is read with stand in a table with a row a question; the last column is "no answer"."""
    rows: torch.Tensor
    columns: torch.Tensor
    right: torch.Tensor
    left_out: torch.Tensor


def choices_of(wanted):
    width = max(count for count, _, _ in wanted)
    right, left_out = torch.zeros(len(wanted), width + 1, dtype=torch.bool), torch.ones(len(wanted), width + 1, dtype=torch.bool)
    rows, columns = [], []
    for row, (count, answers, repeats) in enumerate(wanted):
        rows += [row] * count
        columns += range(count)
        right[row, answers or [width]] = True
        left_out[row, :count] = False
        left_out[row, repeats] = True
    left_out[:, width] = False
    return Choices(torch.tensor(rows), torch.tensor(columns), right, left_out)


def reading_loss(scores, choices):
    """-> mean of -log of the share that right sentences, or "no answer", have"""
    rows, columns, right, left_out = (part.to(scores.device) for part in choices)
    table = scores.new_zeros(right.shape).index_put((rows, columns), scores).masked_fill(left_out, -1e4)
    return (table.logsumexp(1) - table.masked_fill(~right, -1e4).logsumexp(1)).mean()


def losses(encoder, batch):
    asked, spans = batch['counts']
    vectors, _ = encoder(batch['short'])
    wholes, parts = encoder(batch['long'])
    questions, unanswered, general_q = vectors.split(asked)
    passages, general_p, _ = wholes.split([batch['passages'], asked[2], len(wholes) - batch['passages'] - asked[2]])
    sentences, read, general_read = parts.split(spans)
    to = lambda tensor: tensor.to(vectors.device, non_blocking=True)
    none = encoder.no_answer / TEMPERATURE
    p = (questions @ passages.T / TEMPERATURE).masked_fill(to(batch['not_p']), -1e4)
    s = (questions @ sentences.T / TEMPERATURE).masked_fill(to(batch['not_s']), -1e4)
    s = torch.cat([s, none.expand(len(s), 1)], 1)
    u = torch.cat([unanswered @ sentences.T / TEMPERATURE, none.expand(len(unanswered), 1)], 1)
    g = general_q @ general_p.T / TEMPERATURE
    return {'passage': cross_entropy(p, to(batch['targets'])), 'sentence': cross_entropy(s, to(batch['answers'])),
            'none': cross_entropy(u, to(torch.full((len(u),), u.shape[1] - 1))),
            'read': 2 * reading_loss(encoder.head(read)[:, 0], batch['wanted']),
            'general': cross_entropy(g, to(torch.arange(len(g)))),
            'general read': .5 * reading_loss(encoder.head(general_read)[:, 0], batch['general_wanted'])}


@torch.no_grad()
def base_knowledge(encoder, passages, tokens):
    """What the model before training says of the passages: which sentences say the same, and which passages are near."""
    mark, stop = tokens.ids(['passage:', '.'])
    wholes, sentences = [], []
    for start in range(0, len(passages), 64):
        whole, spans = encoder(sequences_of([joined(mark + p.header, p.sentences, MOST_TOKENS) for p in passages[start:start + 64]], 1))
        wholes.append(whole), sentences.append(spans)
    wholes, sentences = torch.cat(wholes), torch.cat(sentences)
    owner = torch.tensor([index for index, p in enumerate(passages) for _ in p.sentences]).to(wholes.device)
    same = (sentences @ sentences.T >= SAME_SENTENCE)
    repeats = torch.zeros(len(sentences), len(passages), device=wholes.device).index_add_(1, owner, same.float()) > 0
    likeness = wholes @ wholes.T
    written = torch.tensor([p.written for p in passages]).to(wholes.device)
    likeness[written[:, None] != written[None]] = -1
    likeness.fill_diagonal_(-1)
    return {'mark': mark, 'stop': stop, 'same': same.cpu(), 'repeats': repeats.cpu(), 'near': likeness.topk(NEAREST, 1).indices.tolist()}


def train(encoder, steps, *, workers, report=print):
    """The layers compute in bfloat16; the optimizer keeps their weights in float32."""
    layers = [p for p in encoder.model.encoder.parameters()]
    exact = [p.detach().clone() for p in layers]
    encoder.model.bfloat16()
    quick = [encoder.no_answer, *encoder.head.parameters()]
    optimizer = torch.optim.AdamW([{'params': exact, 'speed': 1, 'weight_decay': .01}, {'params': quick, 'speed': FASTER, 'weight_decay': 0}], lr=RATE)
    loader = torch.utils.data.DataLoader(steps, batch_size=None, num_workers=workers, prefetch_factor=4 if workers else None)
    learned = exact + [p.data for p in quick]
    average, averaged, recent, started = [torch.zeros_like(p) for p in learned], 0, {}, time.time()
    encoder.train()
    for step, batch in enumerate(loader):
        for group in optimizer.param_groups:
            group['lr'] = group['speed'] * RATE * min((step + 1) / WARM_UP, max(.02, (len(steps) - step) / max(1, len(steps) - WARM_UP)))
        parts = losses(encoder, batch)
        sum(parts.values()).backward()
        for slow, p in zip(exact, layers):
            slow.grad, p.grad = p.grad.float(), None
        torch.nn.utils.clip_grad_norm_(exact, 1., foreach=True)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        torch._foreach_copy_([p.data for p in layers], exact)
        for name, loss in parts.items():
            recent[name] = recent.get(name, 0) + loss.detach()
        if 2 * step >= len(steps) and (step + 1) % AVERAGE_EVERY == 0 or step + 1 == len(steps):
            averaged += 1
            torch._foreach_lerp_(average, learned, 1 / averaged)
        if (step + 1) % 100 == 0 or step + 1 == len(steps):
            count = step % 100 + 1
            report(f'{step + 1}/{len(steps)} ' + ' '.join(f'{name} {(total / count).item():.3f}' for name, total in recent.items()) + f' {time.time() - started:.0f} s')
            recent = {}
    encoder.float()
    for p, value in zip([*layers, *quick], average):
        p.data = value
    encoder.eval()


def save(encoder, tokens, folder):
    encoder.model.save_pretrained(folder)
    tokens.tokenizer.save_pretrained(folder)
    head = {'weights': [round(weight, 5) for weight in encoder.head.weight[0].tolist()], 'bias': round(encoder.head.bias.item(), 5)}
    with open(os.path.join(folder, 'reading.json'), 'w', encoding='utf8') as file:
        json.dump(head, file)


def prepare(options):
    tokens = Tokens(options.base)
    encoder = Encoder(options.base).to(options.device).eval()
    passages = passages_of(read_lines(options.pairs), tokens)
    pairs = read_lines(os.path.join(options.text, 'pairs.jsonl.gz'))
    general = {name: general_of([pair for pair in pairs if pair['s'] == name], tokens) for name in ENGLISH_SETS}
    general['japanese'] = general_of(read_lines(os.path.join(options.text, 'japanese-pairs.jsonl.gz')), tokens)
    with open(OFF_TOPIC_FILE, encoding='utf8') as file:
        off_topic = tokens.ids(['query: ' + line for line in file.read().split('\n')[:-1]])
    return tokens, encoder, Steps(passages, general, off_topic, base_knowledge(encoder, passages, tokens), options.steps, Batch().share(options.passages))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('--base', required=True, help='folder of the model to start from (make_base.py writes it)')
    arguments.add_argument('--pairs', required=True, help='passages with questions, JSON lines')
    arguments.add_argument('--text', required=True, help='folder with pairs.jsonl.gz and japanese-pairs.jsonl.gz')
    arguments.add_argument('--out', required=True, help='folder for the tuned model')
    arguments.add_argument('--steps', type=int, default=STEPS, help='steps (default: %(default)s)')
    arguments.add_argument('--passages', type=int, default=Batch().passages, help='passages of a step, a multiple of 4, with as large a share of all else; fewer take less memory (default: %(default)s)')
    arguments.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu', help='default: %(default)s')
    options = arguments.parse_args()
    torch.manual_seed(SEED)
    tokens, encoder, steps = prepare(options)
    train(encoder, steps, workers=min(WORKERS, os.cpu_count() or 1), report=lambda line: print(line, flush=True))
    save(encoder, tokens, options.out)


if __name__ == '__main__':
    main()
