"""What all golden values are made with: inputs and parameters from names, PyTorch modules under Croma's names, files.

Inputs and parameters are a formula of their names (`numbers`), which the tests repeat; only what PyTorch computes is
stored. Weights are handled as Croma names and orders them, [inputs, outputs] with an LSTM's gates as i, f, g, o, and
turned round for PyTorch, which has [outputs, inputs].
"""
import json
import struct
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).resolve().parent
MASK = 0xFFFFFFFF


def hashes(name, count):
    """32 hashed bits for each index: FNV-1a of the name, then Chris Wellons's lowbias32."""
    stream = 2166136261
    for byte in name.encode():
        stream = ((stream ^ byte) * 16777619) & MASK
    for i in range(count):
        x = (stream + i * 0x9E3779B9) & MASK
        x = ((x ^ (x >> 16)) * 0x7FEB352D) & MASK
        x = ((x ^ (x >> 15)) * 0x846CA68B) & MASK
        yield x ^ (x >> 16)


def numbers(name, *shape, scale=1.0):
    """Numbers in [-scale, scale) that single precision holds exactly if the scale is a power of two."""
    count = torch.Size(shape).numel()
    return torch.tensor([((h >> 8) / 2**23 - 1) * scale for h in hashes(name, count)], dtype=torch.float64).reshape(shape)


def tokens(name, *shape):
    """Bytes, with repetitions."""
    return torch.tensor([(h >> 8) % 7 * 31 for h in hashes(name, torch.Size(shape).numel())]).reshape(shape)


class Golden:
    """The results of one file; `case` prefixes every name."""

    def __init__(self):
        self.tensors = {}

    def put(self, case, name, tensor):
        self.tensors[f"{case}/{name}"] = tensor.detach().to(torch.float32).contiguous()

    def save(self, file):
        """safetensors: a little-endian u64 header length, a JSON header, the numbers."""
        header, data = {}, bytearray()
        for name, tensor in self.tensors.items():
            numbers_ = tensor.flatten().tolist()
            start = len(data)
            data += struct.pack(f"<{len(numbers_)}f", *numbers_)
            header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [start, len(data)]}
        head = json.dumps(header, separators=(",", ":")).encode()
        head += b" " * (-len(head) % 8)
        (HERE / file).write_bytes(struct.pack("<Q", len(head)) + head + bytes(data))


class Network:
    """PyTorch modules whose parameters carry Croma's names and values; gradients go back under the same names."""

    def __init__(self, case):
        self.case, self.parameters = case, []

    def value(self, name, *shape):
        return numbers(f"{self.case}/{name}", *shape, scale=0.5)

    def linear(self, name, inputs, outputs):
        module = nn.Linear(inputs, outputs).double()
        self.set(module.weight, name + ".weight", self.value(name + ".weight", inputs, outputs).T)
        self.set(module.bias, name + ".bias", self.value(name + ".bias", outputs))
        return module

    def conv(self, name, inputs, outputs, kernel, stride, bias):
        """Croma's weight is [(ky, kx, input), output], PyTorch's [output, input, ky, kx]."""
        module = nn.Conv2d(inputs, outputs, kernel, stride, padding=(kernel - 1) // 2, bias=bias).double()
        weight = self.value(name + ".weight", kernel * kernel * inputs, outputs)
        module.weight.data = weight.reshape(kernel, kernel, inputs, outputs).permute(3, 2, 0, 1).contiguous()
        self.parameters.append((name + ".weight", module.weight, lambda g: g.permute(2, 3, 1, 0).reshape(weight.shape)))
        if bias:
            self.set(module.bias, name + ".bias", self.value(name + ".bias", outputs))
        return module

    def conv_transpose(self, name, inputs, outputs, kernel, stride, bias):
        """Croma's weight is [(ky, kx, output), input], PyTorch's [input, output, ky, kx]."""
        module = nn.ConvTranspose2d(inputs, outputs, kernel, stride, padding=(kernel - 1) // 2, output_padding=stride - 1, bias=bias).double()
        weight = self.value(name + ".weight", kernel * kernel * outputs, inputs)
        module.weight.data = weight.reshape(kernel, kernel, outputs, inputs).permute(3, 2, 0, 1).contiguous()
        self.parameters.append((name + ".weight", module.weight, lambda g: g.permute(2, 3, 1, 0).reshape(weight.shape)))
        if bias:
            self.set(module.bias, name + ".bias", self.value(name + ".bias", outputs))
        return module

    def norm(self, name, module, channels):
        module = module.double()
        self.set(module.weight, name + ".gamma", self.value(name + ".gamma", channels))
        self.set(module.bias, name + ".beta", self.value(name + ".beta", channels))
        return module

    def embedding(self, name, entries, width):
        module = nn.Embedding(entries, width).double()
        self.set(module.weight, name + ".weight", self.value(name + ".weight", entries, width), transposed=False)
        return module

    def lstm(self, names, inputs, hidden, bidirectional=False):
        """One stack; `names` are the layers', or with bidirectional the two directions'."""
        module = nn.LSTM(inputs, hidden, num_layers=1 if bidirectional else len(names), bidirectional=bidirectional).double()
        for i, name in enumerate(names):
            suffix = ("_l0" + ("_reverse" if i else "")) if bidirectional else f"_l{i}"
            width = inputs if bidirectional or i == 0 else hidden
            for kind, rows in (("weight_ih", width), ("weight_hh", hidden)):
                self.set(getattr(module, kind + suffix), f"{name}.{kind}", self.value(f"{name}.{kind}", rows, 4 * hidden).T)
            for kind in ("bias_ih", "bias_hh"):
                self.set(getattr(module, kind + suffix), f"{name}.{kind}", self.value(f"{name}.{kind}", 4 * hidden))
        return module

    def set(self, parameter, name, value, transposed=True):
        parameter.data = value.contiguous()
        self.parameters.append((name, parameter, lambda g: g.T if transposed and g.dim() == 2 else g))

    def put_gradients(self, golden):
        """Each gradient turned round as Croma has it."""
        for name, parameter, turned in self.parameters:
            golden.put(self.case, "grad/" + name, turned(parameter.grad))


def put_sum(golden, case, y):
    """Stores y and goes back from its weighted sum."""
    golden.put(case, "y", y)
    (y * numbers(f"{case}/weights", *y.shape)).sum().backward()
