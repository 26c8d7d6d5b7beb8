"""Writes the files beside it: a BERT encoder with a WordPiece tokeniser, random and as small as the library takes one.
For tests of what the bundled model does not have: [CLS] and [SEP], token types, no prefix, 64 positions only.

    python make_tiny_bert.py && npx prettier --write .      # torch 2, transformers 4, onnx
"""
import json, os, string
import torch
from transformers import BertConfig, BertModel

HERE = os.path.dirname(os.path.abspath(__file__))
WORDS = ['the', 'war', 'drone', '##s', 'kyiv', 'minister', 'promised', 'who', '##ed', '##ing', 'japan']
VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', *WORDS]
VOCABULARY += [c for c in string.ascii_lowercase + string.digits + '.,?!\'"-:']
VOCABULARY += ['##' + c for c in string.ascii_lowercase + string.digits]


def write(name, content):
    with open(os.path.join(HERE, name), 'w') as file:
        json.dump(content, file)


def special(token):
    return {'id': VOCABULARY.index(token), 'content': token, 'single_word': False, 'lstrip': False, 'rstrip': False,
            'normalized': False, 'special': True}


def tokenizer():
    template = lambda *parts: [{'SpecialToken' if p.startswith('[') else 'Sequence': {'id': p, 'type_id': 0}} for p in parts]
    return {
        'version': '1.0', 'truncation': None, 'padding': None,
        'added_tokens': [special(token) for token in VOCABULARY[:5]],
        'normalizer': {'type': 'BertNormalizer', 'clean_text': True, 'handle_chinese_chars': True, 'strip_accents': None,
                       'lowercase': True},
        'pre_tokenizer': {'type': 'BertPreTokenizer'},
        'post_processor': {'type': 'TemplateProcessing', 'single': template('[CLS]', 'A', '[SEP]'),
                           'pair': template('[CLS]', 'A', '[SEP]', 'B', '[SEP]'),
                           'special_tokens': {t: {'id': t, 'ids': [VOCABULARY.index(t)], 'tokens': [t]} for t in ('[CLS]', '[SEP]')}},
        'decoder': {'type': 'WordPiece', 'prefix': '##', 'cleanup': True},
        'model': {'type': 'WordPiece', 'unk_token': '[UNK]', 'continuing_subword_prefix': '##',
                  'max_input_chars_per_word': 100, 'vocab': {token: i for i, token in enumerate(VOCABULARY)}},
    }


class States(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state


def main():
    torch.manual_seed(1)
    config = BertConfig(vocab_size=len(VOCABULARY), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
                        intermediate_size=32, max_position_embeddings=64, initializer_range=.5, attn_implementation='eager')
    model = BertModel(config, add_pooling_layer=False).eval()
    os.makedirs(os.path.join(HERE, 'onnx'), exist_ok=True)
    ids = torch.tensor([[2, 5, 6, 3]])
    names = ['input_ids', 'attention_mask', 'token_type_ids']
    torch.onnx.export(
        States(model), (ids, torch.ones_like(ids), torch.zeros_like(ids)), os.path.join(HERE, 'onnx/model_quantized.onnx'),
        input_names=names, output_names=['last_hidden_state'], opset_version=14, dynamo=False,
        dynamic_axes={name: {0: 'batch', 1: 'tokens'} for name in names + ['last_hidden_state']})
    write('config.json', {'architectures': ['BertModel'], 'model_type': 'bert', 'hidden_size': 16,
                          'max_position_embeddings': 64, 'vocab_size': len(VOCABULARY)})
    write('tokenizer_config.json', {'tokenizer_class': 'BertTokenizer', 'do_lower_case': True, 'cls_token': '[CLS]',
                                    'sep_token': '[SEP]', 'unk_token': '[UNK]', 'pad_token': '[PAD]', 'mask_token': '[MASK]'})
    write('tokenizer.json', tokenizer())


if __name__ == '__main__':
    main()
