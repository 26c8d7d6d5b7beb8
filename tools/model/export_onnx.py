"""Writes a fine-tuned encoder as @xenova/transformers loads it: ONNX, int8.

    export_onnx.py --model FOLDER --out embeddings/model [--per-tensor]
"""
import argparse
import json
import os
import tempfile

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel, PreTrainedTokenizerFast

INPUTS = ['input_ids', 'attention_mask', 'token_type_ids']
OUTPUT = 'last_hidden_state'


class TokenStates(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('--model', required=True, help='folder that fine_tune.py wrote')
    arguments.add_argument('--out', required=True)
    arguments.add_argument('--per-tensor', action='store_true', help='one scale a matrix: 25 %% faster, less exact')
    options = arguments.parse_args()
    model = AutoModel.from_pretrained(options.model, add_pooling_layer=False, attn_implementation='eager').eval()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(options.model)
    os.makedirs(os.path.join(options.out, 'onnx'), exist_ok=True)
    tokenizer.save_pretrained(options.out)
    model.config.save_pretrained(options.out)
    # The library reads these two differently from tokenizers: it takes the class from the name, and the word mark from
    # `add_prefix_space` instead of `prepend_scheme`.
    edit(os.path.join(options.out, 'tokenizer_config.json'), lambda settings: settings.update(tokenizer_class='XLMRobertaTokenizer'))
    edit(os.path.join(options.out, 'tokenizer.json'), lambda settings: settings['pre_tokenizer'].update(add_prefix_space=True))
    ones = torch.ones(1, 8, dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'model.onnx')
        torch.onnx.export(TokenStates(model), (ones, ones, ones * 0), path, input_names=INPUTS, output_names=[OUTPUT],
                          dynamic_axes={name: {0: 'batch', 1: 'tokens'} for name in [*INPUTS, OUTPUT]}, opset_version=14)
        quantize_dynamic(path, os.path.join(options.out, 'onnx', 'model_quantized.onnx'),
                         weight_type=QuantType.QInt8, per_channel=not options.per_tensor)


def edit(path, change):
    with open(path, encoding='utf8') as file:
        settings = json.load(file)
    change(settings)
    with open(path, 'w', encoding='utf8') as file:
        json.dump(settings, file, ensure_ascii=False, separators=(',', ':'))


if __name__ == '__main__':
    main()
