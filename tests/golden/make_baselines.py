"""Writes baselines.safetensors: whole iterations of baselines that train more than Algorithm 1 does, in double precision.

Run: /usr/bin/python3 make_baselines.py (see README.md). Which samples each step sees is read from baseline-draws.json;
data, watch over kinks and optimisers are make_method.py's. A tensor is named CASE/ITERATION/PART/BLOCK.
"""
import json

import torch
from torch.nn import functional as F

import make_method
from alignment import domain, two_layers
from golden import HERE, Golden, numbers
from make_method import ALIGNMENT_RATE, CLASSIFIER_RATE, ENCODER_RATE, INNER_STEPS, NEAREST, Inner, MetaSgd, classify, relu, samples, step

EPSILON, BETA1 = 0.5, 0.9


def initial(case, part, *layers):
    """A part's linear layers, (name, inputs, outputs)."""
    return {f"{name}.{kind}": numbers(f"baselines {case}/{part}/{name}.{kind}", *shape, scale=0.5)
            for name, inputs, outputs in layers for kind, shape in (("weight", (inputs, outputs)), ("bias", (outputs,)))}


def mlp(case, part, *widths):
    return initial(case, part, *((f"layer.{i}", widths[i], widths[i + 1]) for i in range(len(widths) - 1)))


def run(x, parameters):
    return two_layers(x, parameters, "layer", ("0", "1"), relu)


def put(golden, case, iteration, losses, parts):
    golden.put(f"{case}/{iteration}", "losses", torch.tensor(losses, dtype=torch.float64) / INNER_STEPS)
    for part, values in parts.items():
        for name, value in values.items():
            golden.put(f"{case}/{iteration}/{part}", name, value)


def domain_parts(case):
    return initial(case, "alignment_loss", ("domain.hidden", 8, 8), ("domain.output", 8, 2))


def take_over(inners, *metas):
    for inner, meta in zip(inners, metas):
        for name, value in meta.items():
            value.copy_(inner.copy[name].detach())


def shared_domain_confusion(golden, case, iterations):
    """Ordinary training; each step on the sum of the source cross-entropy and the two sides of the domain loss."""
    shared = {**mlp(case, "shared_encoder", 12, 17, 8), **initial(case, "shared_encoder", ("target.linear", 9, 12))}
    parts = {"shared_encoder": shared, "source_classifier": initial(case, "source_classifier", ("linear", 8, 7)), "alignment_loss": domain_parts(case)}
    inners = [Inner(part, rate, BETA1, carry=True) for part, rate in zip(parts.values(), (ENCODER_RATE, CLASSIFIER_RATE, ALIGNMENT_RATE))]
    for number, draws in enumerate(iterations):
        encoder, head, domains = (inner.start(part) for inner, part in zip(inners, parts.values()))
        totals = [0, 0]
        for draw in draws:
            cross_entropy = F.cross_entropy(classify(head, run(samples("image", draw["samples"]), encoder)), torch.tensor(draw["labels"]))
            source = run(samples("image", draw["source"]), encoder)
            target = run(samples("audio", draw["target"]) @ encoder["target.linear.weight"] + encoder["target.linear.bias"], encoder)
            confusion = domain(source, target, domains, "domain-confusion", relu)
            totals = [totals[0] + confusion.item(), totals[1] + cross_entropy.item()]
            step(cross_entropy + confusion, *inners)
        take_over(inners, *parts.values())
        put(golden, case, number, totals, {**parts, "classifier": initial(case, "classifier", ("linear", 8, 5))})


def align_classify_adversarial(golden, case, iterations):
    """Ordinary training, one optimiser throughout: steps of adversarial alignment, then of a classifier of all classes."""
    parts = {"source_encoder": mlp(case, "source_encoder", 12, 17, 8), "target_encoder": mlp(case, "target_encoder", 9, 17, 8),
             "alignment_loss": domain_parts(case), "source_classifier": initial(case, "source_classifier", ("linear", 8, 7))}
    es, et, loss_parameters, head = parts.values()
    aligned = [Inner(part, ALIGNMENT_RATE, BETA1, carry=True) for part in (es, et, loss_parameters)]
    classified = [Inner(es, ENCODER_RATE, BETA1, carry=True), Inner(head, CLASSIFIER_RATE, BETA1, carry=True)]

    for number, draws in enumerate(iterations):
        totals = [0, 0]
        source, target, domains = (inner.start(meta) for inner, meta in zip(aligned, (es, et, loss_parameters)))
        for draw in draws:
            totals[0] += step(domain(run(samples("image", draw["source"]), source), run(samples("audio", draw["target"]), target), domains, "adversarial", relu), *aligned)
        take_over(aligned, es, et, loss_parameters)
        source, phi = (inner.start(meta) for inner, meta in zip(classified, (es, head)))
        for draw in draws:
            totals[1] += step(F.cross_entropy(classify(phi, run(samples("image", draw["samples"]), source)), torch.tensor(draw["labels"])), *classified)
        take_over(classified, es, head)
        put(golden, case, number, totals, {**parts, "classifier": initial(case, "classifier", ("linear", 8, 5))})


def reconstruct(golden, case, iterations):
    """Reptile on the mean squared error of an autoencoder; e_s and phi stay as they are."""
    parts = {"target_encoder": mlp(case, "target_encoder", 9, 17, 8), "decoder": mlp(case, "decoder", 8, 17, 9)}
    inners = [Inner(meta, ENCODER_RATE, BETA1) for meta in parts.values()]
    for number, draws in enumerate(iterations):
        copies, total = [inner.start(meta) for inner, meta in zip(inners, parts.values())], 0
        for draw in draws:
            x = samples("audio", draw["target"])
            total += step(F.mse_loss(run(run(x, copies[0]), copies[1]), x), *inners)
        for meta, copy in zip(parts.values(), copies):
            MetaSgd(meta, EPSILON).update(copy)
        put(golden, case, number, [total], {**parts, "source_encoder": mlp(case, "source_encoder", 12, 17, 8), "classifier": initial(case, "classifier", ("linear", 8, 5))})


CASES = {"shared-domain-confusion": shared_domain_confusion, "align-classify-adversarial": align_classify_adversarial, "unsupervised-meta-reconstruct": reconstruct}


def main():
    torch.set_num_threads(1)
    draws = json.loads((HERE / "baseline-draws.json").read_text())
    golden = Golden()
    for case, train in CASES.items():
        make_method.nearest.clear()
        train(golden, case, draws[case])
        print(case, {what: f"{size:.0e}" for what, size in make_method.nearest.items()})
        assert min(make_method.nearest.values()) > NEAREST, "too near to a kink: choose other numbers"
    golden.save("baselines.safetensors")


if __name__ == "__main__":
    main()
