"""
Writes the table as the files that @xenova/transformers loads: int8 ONNX of model type `bert`, tokeniser, config.

The ONNX protobuf is written by hand (a few message types), so that no ONNX package is needed and the bytes do not
depend on one's version.
"""

import json

import numpy as np

from wordpiece import MAX_WORD_CHARACTERS, SPECIALS

FLOAT, INT8, INT64 = 1, 3, 7


def _varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field, value):
    return _varint(field << 3) + _varint(value)


def _bytes(field, value):
    value = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _tensor(name, array):
    kind = {'float32': FLOAT, 'int8': INT8, 'int64': INT64}[str(array.dtype)]
    dims = b''.join(_number(1, n) for n in array.shape)
    return dims + _number(2, kind) + _bytes(8, name) + _bytes(9, np.ascontiguousarray(array).tobytes())


def _value(name, kind, dims):
    shape = b''.join(_bytes(1, _bytes(2, d) if isinstance(d, str) else _number(1, d)) for d in dims)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, shape)))


def _integer_attribute(name, value):
    return _bytes(5, _bytes(1, name) + _number(3, value) + _number(20, 2))


def _node(operator, inputs, output, attributes=b''):
    return (
        b''.join(_bytes(1, i) for i in inputs)
        + _bytes(2, output)
        + _bytes(3, output)
        + _bytes(4, operator)
        + attributes
    )


def quantise(table):
    """int8 rows and one float scale a row; |error| <= scale / 2."""
    scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-12) / 127
    return np.round(table / scale).astype(np.int8), scale.astype(np.float32)


def dequantise(rows, scale):
    return rows.astype(np.float32) * scale


def graph(rows, scale):
    """last_hidden_state = table[input_ids] * scale[input_ids] * attention_mask."""
    dims = ['batch', 'tokens']
    nodes = [
        _node('Gather', ['table', 'input_ids'], 'rows'),
        _node('Cast', ['rows'], 'rows_float', _integer_attribute('to', FLOAT)),
        _node('Gather', ['scale', 'input_ids'], 'row_scale'),
        _node('Cast', ['attention_mask'], 'mask_float', _integer_attribute('to', FLOAT)),
        _node('Unsqueeze', ['mask_float', 'last_axis'], 'mask'),
        # Mask and scale first: the product is one number a token, and the big tensor is gone through once.
        _node('Mul', ['row_scale', 'mask'], 'weight'),
        _node('Mul', ['rows_float', 'weight'], 'last_hidden_state'),
    ]
    body = b''.join(_bytes(1, node) for node in nodes) + _bytes(2, 'static-embedding')
    for name, array in (('table', rows), ('scale', scale), ('last_axis', np.array([-1], np.int64))):
        body += _bytes(5, _tensor(name, array))
    # All three inputs are declared, used or not: the library warns on every call when one that it passes is missing.
    for name in ('input_ids', 'attention_mask', 'token_type_ids'):
        body += _bytes(11, _value(name, INT64, dims))
    body += _bytes(12, _value('last_hidden_state', FLOAT, [*dims, rows.shape[1]]))
    return _number(1, 8) + _bytes(2, 'dragoman-train-embedder') + _bytes(7, body) + _bytes(8, _bytes(1, '') + _number(2, 13))


def _json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1 if len(value) < 30 and 'model' not in value else None) + '\n', 'utf-8')


def export(folder, vocabulary, table):
    """Writes the model folder; returns the table as the runtime will see it (dequantised)."""
    table = table.copy()
    table[: len(SPECIALS)] = 0
    rows, scale = quantise(table)
    scale[: len(SPECIALS)] = 0
    (folder / 'onnx').mkdir(parents=True, exist_ok=True)
    (folder / 'onnx' / 'model_quantized.onnx').write_bytes(graph(rows, scale))
    _json(
        folder / 'config.json',
        {
            'model_type': 'bert',
            'architectures': ['BertModel'],
            'hidden_size': int(table.shape[1]),
            'vocab_size': len(vocabulary),
            'max_position_embeddings': 100000,
            'pad_token_id': 0,
            # Read by src/embedding: a token's vector does not depend on its neighbours.
            'static_embedding': True,
        },
    )
    special = [
        {'id': i, 'content': token, 'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': True}
        for i, token in enumerate(SPECIALS)
    ]
    _json(
        folder / 'tokenizer.json',
        {
            'version': '1.0',
            'truncation': None,
            'padding': None,
            'added_tokens': special,
            'normalizer': {
                'type': 'BertNormalizer',
                'clean_text': True,
                'handle_chinese_chars': True,
                'strip_accents': True,
                'lowercase': True,
            },
            'pre_tokenizer': {'type': 'BertPreTokenizer'},
            'post_processor': None,
            'decoder': {'type': 'WordPiece', 'prefix': '##', 'cleanup': True},
            'model': {
                'type': 'WordPiece',
                'unk_token': '[UNK]',
                'continuing_subword_prefix': '##',
                'max_input_chars_per_word': MAX_WORD_CHARACTERS,
                'vocab': {token: i for i, token in enumerate(vocabulary)},
            },
        },
    )
    _json(
        folder / 'tokenizer_config.json',
        {
            'tokenizer_class': 'BertTokenizer',
            'do_lower_case': True,
            'model_max_length': 100000,
            'unk_token': '[UNK]',
            'pad_token': '[PAD]',
            'cls_token': '[CLS]',
            'sep_token': '[SEP]',
            'mask_token': '[MASK]',
        },
    )
    return dequantise(rows, scale)
