"""Writes method.safetensors: whole meta-iterations of Algorithm 1 and the adaptation that follows, in double precision.

Run: /usr/bin/python3 make_method.py (see README.md). Which samples each step sees is read from method-draws.json, so
no random number is drawn here; their features and the initial parameters are formulas of their names (`numbers`).
A tensor is named CASE/ITERATION/PART/BLOCK, with the value after that iteration.
"""
import json
import math

import torch
from torch.nn import functional as F

from alignment import info_nce, margin, nce
from golden import HERE, Golden, numbers

CONCEPT = 3 * 6  # samples of a concept: three parts of six
WIDTHS = {"image": 12, "audio": 9}
INNER_STEPS = 4
ALIGNMENT_RATE, CLASSIFIER_RATE, ENCODER_RATE = 2**-5, 2**-6, 2**-7
TEST_ENCODER_RATE, TEST_CLASSIFIER_RATE = 2**-6, 2**-5

CASES = {
    "paper": dict(loss=nce, epsilon=0.1),
    "released": dict(loss=margin, epsilon=2**-7, meta_adam=True, moves_encoder=True, carry=True),
    "info-nce": dict(loss=info_nce, epsilon=0.5, beta1=0.9),
}

# What rounding could tip over: Adam's first step is the sign of the gradient and later ones divide by the root of its
# mean square, a ReLU and a hinge have a kink. Nothing may come nearer than this, as a share of the tensor's root mean
# square, unless it is exactly zero (a unit that no sample of the batch wakes).
NEAREST = 1e-5
nearest = {}


def watch(what, x):
    x = x.detach()
    size = x.abs() / x.square().mean().sqrt().clamp(min=1e-30)
    size = size[size > 0]
    if len(size):
        nearest[what] = min(nearest.get(what, math.inf), size.min().item())


def relu(x):
    watch("relu", x)
    return x.relu()


def samples(modality, indices):
    """[samples, features]: the concept's centre in steps of 1/64, the sample's own offset in steps of 1/256."""
    def sample(i):
        centre, offset = (numbers(name, WIDTHS[modality]) for name in (f"method/{modality} {i // CONCEPT}", f"method/{modality}/{i}"))
        return (centre * 64).floor() / 64 + (offset * 64).floor() / 256
    return torch.stack([sample(i) for i in indices])


def initial(case, part, *shapes):
    return {name: numbers(f"method {case}/{part}/{name}", *shape, scale=0.5) for name, shape in shapes}


def encoder(case, part, inputs, hidden):
    return initial(case, part, ("layer.0.weight", (inputs, hidden)), ("layer.0.bias", (hidden,)), ("layer.1.weight", (hidden, 8)), ("layer.1.bias", (8,)))


def encode(e, x):
    return relu(x @ e["layer.0.weight"] + e["layer.0.bias"]) @ e["layer.1.weight"] + e["layer.1.bias"]


def classify(phi, embeddings):
    return relu(embeddings) @ phi["linear.weight"] + phi["linear.bias"]


class Inner:
    """A task's copy of one network's meta-parameters, and the Adam that moves it."""

    def __init__(self, meta, rate, beta1, carry=False):
        self.copy = {name: value.clone().requires_grad_() for name, value in meta.items()}
        self.make_optimizer = lambda: torch.optim.Adam(self.copy.values(), lr=rate, betas=(beta1, 0.999), eps=1e-8)
        self.optimizer, self.carry = None, carry

    def start(self, meta):
        for name, value in meta.items():
            self.copy[name].data.copy_(value)
        if self.optimizer is None or not self.carry:
            self.optimizer = self.make_optimizer()
        return self.copy


def step(loss, *inners):
    """One gradient step of all of them."""
    for inner in inners:
        inner.optimizer.zero_grad()
    loss.backward()
    for inner in inners:
        take(inner.optimizer, "inner Adam")
    return loss.item()


def take(optimizer, what):
    optimizer.step()
    for parameter in optimizer.param_groups[0]["params"]:
        watch(what, optimizer.state[parameter]["exp_avg_sq"].sqrt())


class MetaSgd:
    """meta <- meta + epsilon (adapted - meta)."""

    def __init__(self, meta, epsilon):
        self.meta, self.epsilon = meta, epsilon

    def update(self, adapted):
        for name, value in self.meta.items():
            value += self.epsilon * (adapted[name].detach() - value)


class MetaAdam:
    """Adam with beta1 0, its state kept from iteration to iteration, on the gradient meta - adapted."""

    def __init__(self, meta, epsilon):
        self.meta = meta
        self.optimizer = torch.optim.Adam(meta.values(), lr=epsilon, betas=(0, 0.999), eps=1e-8)

    def update(self, adapted):
        for name, value in self.meta.items():
            value.grad = value - adapted[name].detach()
        take(self.optimizer, "meta Adam")


def algorithm1(golden, case, iterations, loss, epsilon, meta_adam=False, moves_encoder=False, carry=False, beta1=0.0):
    es, et = encoder(case, "source_encoder", 12, 17), encoder(case, "target_encoder", 9, 10)
    phi = initial(case, "classifier", ("linear.weight", (8, 5)), ("linear.bias", (5,)))
    scale = {"log_scale": torch.tensor([10.0], dtype=torch.float64).log()} if loss is info_nce else {}

    aligned = [es, et] + ([scale] if scale else [])
    classified = [phi] + ([es] if moves_encoder else [])
    update = MetaAdam if meta_adam else MetaSgd
    # e_s has one inner and one meta-optimiser for each of the two tasks
    inner_a = [Inner(meta, ALIGNMENT_RATE, beta1, carry) for meta in aligned]
    inner_s = [Inner(meta, rate, beta1, carry) for meta, rate in zip(classified, (CLASSIFIER_RATE, ENCODER_RATE))]
    update_a, update_s = ([update(meta, epsilon) for meta in metas] for metas in (aligned, classified))

    for number, draws in enumerate(iterations):
        assert len(draws["alignment"]) == len(draws["classification"]) == INNER_STEPS
        copies, total_a = [inner.start(meta) for inner, meta in zip(inner_a, aligned)], 0
        for batch in draws["alignment"]:
            source, target = encode(copies[0], samples("image", batch["source"])), encode(copies[1], samples("audio", batch["target"]))
            if loss is margin:
                cosines = F.normalize(source) @ F.normalize(target).T
                watch("hinge", 0.1 + cosines - cosines.diagonal()[:, None])
            total_a += step(loss(source, target, torch.tensor(batch["groups"]), copies[2]["log_scale"] if scale else None), *inner_a)
        for meta, copy in zip(update_a, copies):
            meta.update(copy)

        copies, total_s = [inner.start(meta) for inner, meta in zip(inner_s, classified)], 0
        for batch in draws["classification"]:
            logits = classify(copies[0], encode(copies[1] if moves_encoder else es, samples("image", batch["samples"])))
            total_s += step(F.cross_entropy(logits, torch.tensor(batch["labels"])), *inner_s)
        for meta, copy in zip(update_s, copies):
            meta.update(copy)

        golden.put(f"{case}/{number}", "losses", torch.tensor([total_a, total_s], dtype=torch.float64) / INNER_STEPS)
        for part, meta in (("source_encoder", es), ("target_encoder", et), ("classifier", phi), ("alignment_loss", scale)):
            for name, value in meta.items():
                golden.put(f"{case}/{number}/{part}", name, value)
    return et, phi


def adapt(golden, case, draws, et, phi):
    """Meta-test: gradient steps of a copy on the labelled target samples, then the queries' logits."""
    inners = [Inner(et, TEST_ENCODER_RATE, 0.0), Inner(phi, TEST_CLASSIFIER_RATE, 0.0)]
    et, phi = (inner.start(meta) for inner, meta in zip(inners, (et, phi)))
    for batch in draws["batches"]:
        logits = classify(phi, encode(et, samples("audio", batch["samples"])))
        loss = step(F.cross_entropy(logits, torch.tensor(batch["labels"])), *inners)
    golden.put(f"{case}/adapted", "loss", torch.tensor([loss], dtype=torch.float64))
    golden.put(f"{case}/adapted", "logits", classify(phi, encode(et, samples("audio", draws["queries"]))))


def main():
    torch.set_num_threads(1)
    draws = json.loads((HERE / "method-draws.json").read_text())
    golden = Golden()
    for case, settings in CASES.items():
        nearest.clear()
        adapt(golden, case, draws["adaptation"], *algorithm1(golden, case, draws[case], **settings))
        print(case, {what: f"{size:.0e}" for what, size in nearest.items()})
        assert min(nearest.values()) > NEAREST, "too near to a kink: choose other numbers"
    golden.save("method.safetensors")


if __name__ == "__main__":
    main()
