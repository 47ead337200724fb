"""Writes the golden values of Croma's layers, encoders, losses and optimiser: PyTorch's forward values and gradients, in double precision.

Run: /usr/bin/python3 make_golden.py (see README.md and golden.py).
"""
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from alignment import cosine, cycle, domain, info_nce, margin, nce, weak_nce
from golden import HERE, Golden, Network, numbers, put_sum, tokens


def max_over_time(x, lengths):
    """[steps, batch, columns]: the maximum over each sample's own steps."""
    valid = torch.arange(x.shape[0])[:, None] < torch.tensor(lengths)[None, :]
    return x.masked_fill(~valid[:, :, None], -torch.inf).amax(0)


def run_packed(lstm, x, lengths):
    packed = pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    return pad_packed_sequence(lstm(packed)[0])[0]


def layers(golden):
    for rows, inputs, outputs in ((3, 5, 17), (8, 70, 33), (1, 17, 70)):
        for relu in (False, True):
            case = f"{'relu-' if relu else ''}linear-{rows}-{inputs}-{outputs}"
            network = Network(case)
            x = numbers(f"{case}/x", rows, inputs).requires_grad_()
            y = network.linear("linear", inputs, outputs)(x)
            put_sum(golden, case, y.relu() if relu else y)
            network.put_gradients(golden)
            golden.put(case, "grad/x", x.grad)

    case = "embedding"
    network = Network(case)
    put_sum(golden, case, network.embedding("embedding", 187, 5)(tokens(f"{case}/tokens", 12)))
    network.put_gradients(golden)

    for layer_count, inputs, hidden, steps, batch in ((1, 5, 16, 7, 3), (1, 17, 32, 4, 5), (2, 5, 16, 6, 4), (1, 5, 16, 1, 1)):
        case = f"lstm-{layer_count}-{inputs}-{hidden}-{steps}-{batch}"
        network = Network(case)
        x = numbers(f"{case}/x", steps, batch, inputs).requires_grad_()
        put_sum(golden, case, network.lstm([f"lstm.{i}" for i in range(layer_count)], inputs, hidden)(x)[0])
        network.put_gradients(golden)
        golden.put(case, "grad/x", x.grad)

    for batch, hidden, outputs, forced in ((3, 16, 5, (0, 1, 0, 0, 1, 1)), (2, 32, 17, (0, 0, 0, 0)), (4, 16, 70, (0, 1, 1))):
        case = f"decoder-{batch}-{hidden}-{outputs}"
        network = Network(case)
        lstm, output = network.lstm(["decoder"], outputs, hidden), network.linear("decoder.output", hidden, outputs)
        initial, truth = numbers(f"{case}/initial", batch, hidden).requires_grad_(), numbers(f"{case}/truth", len(forced), batch, outputs)
        state, written = (initial[None], torch.zeros_like(initial)[None]), [torch.zeros_like(truth[0])]
        for t, is_forced in enumerate(forced):
            out, state = lstm((truth[t - 1] if is_forced else written[-1])[None], state)
            written.append(output(out[0]))
        put_sum(golden, case, torch.stack(written[1:]).flatten(0, 1))
        network.put_gradients(golden)
        golden.put(case, "grad/initial", initial.grad)


LENGTHS, LABELS = [3, 6, 1, 5, 6], [2, 0, 1, 2, 1]
WAYS, DIMENSION = 3, 17


def classify(golden, network, embeddings):
    """Classifier (ReLU, linear), mean cross-entropy, and all gradients of both networks."""
    head = Network(network.case)
    golden.put(network.case, "embeddings", embeddings)
    logits = head.linear("linear", DIMENSION, WAYS)(embeddings.relu())
    loss = F.cross_entropy(logits, torch.tensor(LABELS))
    loss.backward()
    golden.put(network.case, "logits", logits)
    golden.put(network.case, "loss", loss)
    network.put_gradients(golden)
    head.put_gradients(golden)


def encoders(golden):
    case, width, hidden = "text-lstm", 5, 16
    network = Network(case)
    embedding = network.embedding("embedding", 256, width)
    lstm = network.lstm(["lstm.forward", "lstm.backward"], width, hidden, bidirectional=True)
    projection = network.linear("projection", 2 * hidden, DIMENSION)
    x = embedding(tokens(f"{case}/tokens", max(LENGTHS), len(LENGTHS)))
    classify(golden, network, projection(max_over_time(run_packed(lstm, x, LENGTHS), LENGTHS)))

    for case, features, hidden, depth in (("speech-lstm", 7, 16, 2), ("speech-lstm-32", 5, 32, 1)):
        network = Network(case)
        lstm = network.lstm([f"lstm.{i}" for i in range(depth)], features, hidden)
        projection = network.linear("projection", hidden, DIMENSION)
        x = numbers(f"{case}/x", max(LENGTHS), len(LENGTHS), features)
        classify(golden, network, projection(max_over_time(run_packed(lstm, x, LENGTHS), LENGTHS)))

    case, widths = "mlp", [70, 33, 5, DIMENSION]
    network = Network(case)
    x = numbers(f"{case}/x", len(LENGTHS), widths[0])
    for i in range(len(widths) - 1):
        x = network.linear(f"layer.{i}", widths[i], widths[i + 1])(x)
        if i < len(widths) - 2:
            x = x.relu()
    classify(golden, network, x)

    case, size, filters = "conv-encoder", (6, 5, 3), 32
    network = Network(case)
    x = numbers(f"{case}/x", len(LENGTHS), *size).permute(0, 3, 1, 2)
    for i in range(2):
        x = network.conv(f"conv.{i}", x.shape[1], filters, 3, 1, False)(x)
        x = F.max_pool2d(network.norm(f"norm.{i}", nn.GroupNorm(filters // 16, filters), filters)(x).relu(), 2)
    classify(golden, network, network.linear("projection", filters, DIMENSION)(x.permute(0, 2, 3, 1).flatten(1)))


def losses(golden):
    for rows, columns in ((4, 5), (3, 33)):
        case = f"cross-entropy-{rows}-{columns}"
        logits = numbers(f"{case}/x", rows, columns, scale=4).requires_grad_()
        loss = F.cross_entropy(logits, torch.arange(rows) * 2 % columns)
        loss.backward()
        golden.put(case, "loss", loss)
        golden.put(case, "grad/x", logits.grad)

    for rows, columns in ((4, 5), (3, 33)):
        case = f"uniform-cross-entropy-{rows}-{columns}"
        logits = numbers(f"{case}/x", rows, columns, scale=4).requires_grad_()
        loss = F.cross_entropy(logits, torch.full((rows, columns), 1 / columns, dtype=torch.float64))
        loss.backward()
        golden.put(case, "loss", loss)
        golden.put(case, "grad/x", logits.grad)

    case, lengths = "mean-squared-error", [2, 4, 1]
    a, b = (numbers(f"{case}/{side}", 4, 3, 5).requires_grad_() for side in "ab")
    valid = torch.arange(4)[:, None] < torch.tensor(lengths)[None, :]
    loss = F.mse_loss(a[valid], b[valid])
    loss.backward()
    golden.put(case, "loss", loss)
    for side, x in (("a", a), ("b", b)):
        golden.put(case, f"grad/{side}", x.grad)

    for name in ("adversarial", "domain-confusion", "cycle"):
        for kind, rows in (("strong", 5), ("weak", 7)):
            case = f"{name}-{kind}"
            source, target = (numbers(f"{case}/{side}", rows, 17).requires_grad_() for side in ("source", "target"))
            parameters = {}
            for layer, outputs in ((("domain.hidden", 17), ("domain.output", 2)) if name != "cycle" else
                                   (("to_target.hidden", 17), ("to_target.output", 17), ("to_source.hidden", 17), ("to_source.output", 17))):
                for block, shape in ((layer + ".weight", (17, outputs)), (layer + ".bias", (outputs,))):
                    parameters[block] = numbers(f"{case}/{block}", *shape, scale=0.5).requires_grad_()
            loss = cycle(source, target, parameters) if name == "cycle" else domain(source, target, parameters, name)
            loss.backward()
            golden.put(case, "loss", loss)
            golden.put(case, "grad/source", source.grad)
            golden.put(case, "grad/target", target.grad)
            for block, value in parameters.items():
                golden.put(case, "grad/" + block, value.grad)

    for name, function in (("nce", nce), ("weak-nce", weak_nce), ("margin", margin), ("info-nce", info_nce), ("cosine", cosine)):
        for kind, groups in (("strong", [4, 0, 2, 9, 1]), ("weak", [1, 5, 1, 1, 5, 0, 7])):
            case = f"{name}-{kind}"
            source, target = (numbers(f"{case}/{side}", len(groups), 17).requires_grad_() for side in ("source", "target"))
            log_scale = torch.tensor(10.0, dtype=torch.float64).log().requires_grad_()
            loss = function(source, target, torch.tensor(groups), log_scale)
            loss.backward()
            golden.put(case, "loss", loss)
            golden.put(case, "grad/source", source.grad)
            golden.put(case, "grad/target", target.grad)
            if log_scale.grad is not None:
                golden.put(case, "grad/log_scale", log_scale.grad)


def optimizers(golden):
    for beta1 in (0.0, 0.9):
        case = f"adam-{beta1}"
        parameters = numbers(f"{case}/start", 37).requires_grad_()
        optimizer = torch.optim.Adam([parameters], lr=0.0625, betas=(beta1, 0.999), eps=1e-8)
        for step in range(5):
            # gradients of very different sizes, and one that is always zero
            parameters.grad = numbers(f"{case}/gradient {step}", 37) * torch.tensor([2.0 ** -(i % 20) for i in range(37)])
            parameters.grad[11] = 0
            optimizer.step()
            golden.put(case, f"step {step}", parameters)


def main():
    torch.set_num_threads(1)
    for file, make in (("layers", layers), ("encoders", encoders), ("losses", losses), ("optimizers", optimizers)):
        golden = Golden()
        make(golden)
        golden.save(file + ".safetensors")
        print(f"{file}.safetensors: {len(golden.tensors)} tensors, {(HERE / (file + '.safetensors')).stat().st_size} bytes")


if __name__ == "__main__":
    main()
