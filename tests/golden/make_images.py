"""Writes images.safetensors: the golden values of Croma's layers and operations over images.

Run: /usr/bin/python3 make_images.py (see README.md and golden.py).
"""
import torch
from torch import nn
from torch.nn import functional as F

from golden import Golden, Network, numbers, put_sum


def image_case(golden, case, count, height, width, channels, make):
    """A layer over images: Croma's are [count, height, width, channels], PyTorch's [count, channels, height, width]."""
    network = Network(case)
    x = numbers(f"{case}/x", count, height, width, channels).requires_grad_()
    y = make(network)(x.permute(0, 3, 1, 2))
    put_sum(golden, case, y.permute(0, 2, 3, 1) if y.dim() == 4 else y)
    network.put_gradients(golden)
    golden.put(case, "grad/x", x.grad)


def convolutions(golden):
    for kernel, stride, bias, count, height, width, inputs, outputs in (
            (3, 1, False, 2, 8, 7, 3, 17), (3, 1, True, 3, 4, 5, 17, 70), (3, 2, False, 2, 7, 8, 5, 16),
            (3, 2, True, 2, 6, 9, 66, 5), (1, 2, True, 2, 5, 4, 5, 17), (5, 1, True, 1, 6, 3, 2, 5)):
        case = f"conv-{kernel}-{stride}-{'bias' if bias else 'plain'}-{inputs}-{outputs}"
        image_case(golden, case, count, height, width, inputs, lambda n: n.conv("conv", inputs, outputs, kernel, stride, bias))


def transposed_convolutions(golden):
    for kernel, stride, bias, count, height, width, inputs, outputs in (
            (3, 2, True, 2, 4, 3, 17, 5), (3, 2, False, 1, 2, 5, 3, 70), (3, 1, True, 2, 3, 4, 5, 17), (5, 2, True, 1, 3, 2, 2, 3), (1, 2, False, 2, 2, 3, 5, 4)):
        case = f"conv-transpose-{kernel}-{stride}-{'bias' if bias else 'plain'}-{inputs}-{outputs}"
        image_case(golden, case, count, height, width, inputs, lambda n: n.conv_transpose("conv", inputs, outputs, kernel, stride, bias))


def dropout(golden):
    """PyTorch's own draw: what it makes of ones tells which numbers it keeps."""
    case, shape = "dropout", (3, 4, 5, 17)
    torch.manual_seed(1)
    golden.put(case, "factors", F.dropout(torch.ones(3, 17, 4, 5, dtype=torch.float64), 0.3).permute(0, 2, 3, 1))

    def draw(_):
        torch.manual_seed(1)
        return nn.Dropout(0.3)

    # permuted views are drawn in the order of their memory
    image_case(golden, case, *shape, lambda n: lambda x: draw(n)(x.contiguous()))


def normalizations(golden):
    for name, groups, count, height, width, channels in (
            ("batch", 0, 3, 4, 5, 17), ("batch", 0, 2, 6, 6, 64), ("group", 2, 3, 4, 5, 6), ("group", 4, 2, 7, 6, 64), ("group", 1, 2, 3, 2, 17)):
        for tail in ("plain", "relu", "relu-pool"):
            case = f"{name}-norm-{groups}-{channels}-{tail}"

            def layer(network):
                module = nn.GroupNorm(groups, channels) if groups else nn.BatchNorm2d(channels)
                steps = [network.norm("norm", module, channels)]
                steps += [nn.ReLU()] * ("relu" in tail) + [nn.MaxPool2d(2)] * ("pool" in tail)
                return nn.Sequential(*steps)

            image_case(golden, case, count, height, width, channels, layer)


def operations(golden):
    image_case(golden, "max-pool", 2, 5, 6, 17, lambda _: nn.MaxPool2d(2))
    # few different values, so that windows have ties
    image_case(golden, "max-pool-of-ties", 2, 6, 4, 17, lambda _: lambda x: F.max_pool2d(torch.round(2 * x.detach()) + x - x.detach(), 2))
    image_case(golden, "average-pool", 2, 5, 6, 17, lambda _: lambda x: x.mean((2, 3)))
    image_case(golden, "flatten", 2, 3, 2, 17, lambda _: lambda x: x.permute(0, 2, 3, 1).flatten(1))


def main():
    torch.set_num_threads(1)
    golden = Golden()
    for make in (convolutions, transposed_convolutions, normalizations, operations, dropout):
        make(golden)
    golden.save("images.safetensors")
    print(f"images.safetensors: {len(golden.tensors)} tensors")


if __name__ == "__main__":
    main()
