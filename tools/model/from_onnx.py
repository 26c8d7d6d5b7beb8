"""Makes a folder to go on fine-tuning from out of the shipped int8 model.

    from_onnx.py --model embeddings/model --base FOLDER --out FOLDER

All layers come from the int8 weights, the embeddings exactly from the base model that make_base.py wrote.
"""
import argparse
import os
import re

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from transformers import AutoModel, PreTrainedTokenizerFast

NODE = re.compile(r'/model/(encoder/layer\.\d+/.*?)(?:/linear)?/(?:MatMul|Gather)')
# Before and after nodes are fused.
PRODUCTS = ('MatMulInteger', 'MatMulIntegerToFloat', 'DynamicQuantizeMatMul')
LAYER = re.compile(r'encoder\.layer\.\d+\.')


def read_weights(path):
    """-> name in the torch model -> weights, of all layers"""
    graph = onnx.load(path).graph
    stored = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    # Equal weights are stored once.
    stored.update((node.output[0], stored[node.input[0]]) for node in graph.node if node.op_type == 'Identity' and node.input[0] in stored)
    weights = {name.removeprefix('model.').replace('.linear', ''): value for name, value in stored.items() if LAYER.search(name)}
    named = [(NODE.match(node.name), node) for node in graph.node]
    # Which channels are computed apart is told by the nodes that pick them: of equal lists one is left.
    weights.update((found[1].replace('/', '.') + '.channels', stored[node.input[1]])
                   for found, node in named if found is not None and node.op_type == 'Gather' and node.input[1] in stored)
    for found, node in named:
        if node.op_type not in PRODUCTS or found is None or node.input[1] not in stored:
            continue
        name = node.input[1].removesuffix('_quantized')
        part = lambda ending: stored[name + ending].astype(np.float32)
        matrix = (part('_quantized') - part('_zero_point')) * part('_scale')
        layer = found[1].replace('/', '.')
        channels = weights.get(f'{layer}.channels')
        if channels is not None:
            matrix[channels] = weights[f'{layer}.weights']
        weights[f'{layer}.weight'] = matrix.T
    return weights


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('--model', required=True, help='folder with onnx/model_quantized.onnx')
    arguments.add_argument('--base', required=True, help='folder that make_base.py wrote')
    arguments.add_argument('--out', required=True)
    options = arguments.parse_args()
    model = AutoModel.from_pretrained(options.base, add_pooling_layer=False)
    state = model.state_dict()
    stored = read_weights(os.path.join(options.model, 'onnx', 'model_quantized.onnx'))
    for name in state:
        if LAYER.match(name) is not None:
            state[name] = torch.from_numpy(stored[name].copy())
    model.load_state_dict(state)
    model.save_pretrained(options.out)
    PreTrainedTokenizerFast.from_pretrained(options.base).save_pretrained(options.out)


if __name__ == '__main__':
    main()
