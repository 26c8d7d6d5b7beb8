"""Writes a fine-tuned encoder as @xenova/transformers loads it: ONNX, int8.

    export_onnx.py --model FOLDER --pairs pairs.jsonl --out embeddings/model [--per-tensor]

A few input channels of the feed-forward layers are ten times as large as all others, on some tokens. One scale for all of
them would leave the others some 20 of 256 steps. These channels are computed apart, in floating point (as in LLM.int8(), Dettmers et
al. 2022); which they are is seen on passages and questions of PAIRS.
"""
import argparse
import json
import os
import shutil
import tempfile

import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel, PreTrainedTokenizerFast

from fine_tune import MOST_TOKENS, Tokens, closed, joined, read_lines

INPUTS = ['input_ids', 'attention_mask', 'token_type_ids']
OUTPUT = 'last_hidden_state'
# The mean states after these layers are outputs too. The last layer tells what a text is about; how a question is put is in those before it.
MEANS = {'mean_6': 6, 'mean_9': 9}
# At most so many channels of a layer are computed apart: those that exceed the next largest one by so much.
APART, EXCESS = 4, 1.5
# Every so many passages are looked at, and so many questions about each.
EVERY, QUESTIONS = 40, 3


class TokenStates(torch.nn.Module):
    """States of the last layer for each token, then the means of MEANS, which are those of a text only where it has no padding."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        result = self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids, output_hidden_states=True)
        return result.last_hidden_state, *(result.hidden_states[layer].mean(1) for layer in MEANS.values())


class ChannelsApart(torch.nn.Module):
    """A linear layer, some input channels of which stay in floating point."""

    def __init__(self, linear, channels):
        super().__init__()
        others = torch.ones(linear.in_features)
        others[channels] = 0
        self.linear = linear
        self.register_buffer('others', others)
        self.register_buffer('channels', channels)
        self.register_buffer('weights', linear.weight.detach().T[channels].clone())
        linear.weight.data[:, channels] = 0

    def forward(self, x):
        return self.linear(x * self.others) + torch.matmul(x.index_select(-1, self.channels), self.weights)


def set_apart(model, folder, pairs):
    """Replaces the linear layers of the feed-forward blocks that have channels to be computed apart."""
    layers = {name: layer for name, layer in model.named_modules() if isinstance(layer, torch.nn.Linear) and 'attention' not in name}
    largest = {name: torch.zeros(layer.in_features) for name, layer in layers.items()}

    def watch(name):
        def note(_, inputs):
            largest[name] = torch.maximum(largest[name], inputs[0].abs().flatten(0, -2).max(0)[0])
        return note

    hooks = [layer.register_forward_pre_hook(watch(name)) for name, layer in layers.items()]
    tokens = Tokens(folder)
    with torch.no_grad():
        for record in read_lines(pairs)[::EVERY]:
            before, *sentences = tokens.ids([f'passage: {record["header"]}.', *(record['text'][a:b] for a, b in record['sentences'])])
            questions = tokens.ids(['query: ' + question['q'] for question in record['typed'][:QUESTIONS]])
            for sequence in [joined(before, sentences, MOST_TOKENS)[0], *map(closed, questions)]:
                model(torch.tensor([sequence]))
    for hook in hooks:
        hook.remove()
    for name, layer in layers.items():
        values, channels = largest[name].sort(descending=True)
        count = int((values[:APART] > EXCESS * values[APART]).sum())
        if count > 0:
            parent, child = name.rsplit('.', 1)
            setattr(model.get_submodule(parent), child, ChannelsApart(layer, channels[:count].sort()[0]))


def multiplied_apart(path):
    """Names of the nodes that multiply the channels which are computed apart."""
    graph = onnx.load(path).graph
    rows = {weights.name: weights.dims[0] for weights in graph.initializer}
    return [node.name for node in graph.node if node.op_type == 'MatMul' and rows.get(node.input[1], APART + 1) <= APART]


def optimise(path):
    """Does once what the runtime would do with the graph at each start: folds constants, fuses nodes. Vectors stay the same."""
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = os.path.join(folder, 'model.onnx')
        onnxruntime.InferenceSession(path, options, providers=['CPUExecutionProvider'])
        model = onnx.load(options.optimized_model_filepath)
    # All sets of operators that this runtime has are listed; the product's is older and refuses those that it lacks.
    used = {''} | {node.domain for node in model.graph.node}
    kept = [opset for opset in model.opset_import if opset.domain in used]
    del model.opset_import[:]
    model.opset_import.extend(kept)
    onnx.save(model, path)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('--model', required=True, help='folder that fine_tune.py wrote')
    arguments.add_argument('--pairs', required=True, help='passages with questions, JSON lines (export-pairs.ts writes them)')
    arguments.add_argument('--out', required=True)
    arguments.add_argument('--per-tensor', action='store_true', help='one scale a matrix: 25 %% faster, less exact')
    options = arguments.parse_args()
    model = AutoModel.from_pretrained(options.model, add_pooling_layer=False, attn_implementation='eager').eval()
    set_apart(model, options.model, options.pairs)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(options.model)
    os.makedirs(os.path.join(options.out, 'onnx'), exist_ok=True)
    tokenizer.save_pretrained(options.out)
    model.config._name_or_path = 'intfloat/multilingual-e5-small'
    model.config.save_pretrained(options.out)
    shutil.copy(os.path.join(options.model, 'reading.json'), options.out)
    # The library reads these two differently from tokenizers: it takes the class from the name, and the word mark from
    # `add_prefix_space` instead of `prepend_scheme`.
    edit(os.path.join(options.out, 'tokenizer_config.json'), lambda settings: settings.update(tokenizer_class='XLMRobertaTokenizer'))
    edit(os.path.join(options.out, 'tokenizer.json'), lambda settings: settings['pre_tokenizer'].update(add_prefix_space=True))
    ones = torch.ones(1, 8, dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'model.onnx')
        torch.onnx.export(TokenStates(model), (ones, ones, ones * 0), path, input_names=INPUTS, output_names=[OUTPUT, *MEANS],
                          dynamic_axes={**{name: {0: 'batch', 1: 'tokens'} for name in [*INPUTS, OUTPUT]}, **{name: {0: 'batch'} for name in MEANS}},
                          opset_version=14)
        quantised = os.path.join(options.out, 'onnx', 'model_quantized.onnx')
        quantize_dynamic(path, quantised, weight_type=QuantType.QInt8, per_channel=not options.per_tensor,
                         nodes_to_exclude=multiplied_apart(path))
        optimise(quantised)


def edit(path, change):
    with open(path, encoding='utf8') as file:
        settings = json.load(file)
    change(settings)
    with open(path, 'w', encoding='utf8') as file:
        json.dump(settings, file, ensure_ascii=False, separators=(',', ':'))


if __name__ == '__main__':
    main()
