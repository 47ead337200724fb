"""The alignment losses, written down from their formulas: source and target embeddings, one row a pair."""
import torch
from torch.nn import functional as F


def nce(source, target, groups, _):
    s = F.normalize(source) @ F.normalize(target).T
    same = groups[:, None] == groups[None, :]
    positives = (s * same).sum(1) / same.sum(1)
    return (-positives + (s * ~same).sum(1)).mean()


def weak_nce(source, target, groups, _):
    s = F.normalize(source) @ F.normalize(target).T
    same = groups[:, None] == groups[None, :]
    return ((s * ~same).sum(1) / (~same).sum(1) - (s * same).sum(1) / same.sum(1)).mean()


def margin(source, target, groups, _):
    distinct = list(dict.fromkeys(groups.tolist()))
    means = [torch.stack([x[groups == g].mean(0) for g in distinct]) for x in (source, target)]
    s = F.cosine_similarity(means[0][:, None], means[1][None], dim=2)
    hinge = F.relu(0.1 + s - s.diagonal()[:, None])
    return (hinge.sum() - hinge.diagonal().sum()) / len(distinct)


def info_nce(source, target, groups, log_scale):
    logits = log_scale.exp() * F.normalize(source) @ F.normalize(target).T
    others = (groups[:, None] == groups[None, :]) & ~torch.eye(len(groups), dtype=torch.bool)
    logits = logits.masked_fill(others, -torch.inf)
    own = torch.arange(len(groups))
    return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2


def cosine(source, target, groups, _):
    return F.cosine_embedding_loss(source, target, torch.ones(len(groups)))


def two_layers(x, parameters, name, names=("hidden", "output"), relu=torch.relu):
    hidden, output = (f"{name}.{n}" for n in names)
    return relu(x @ parameters[hidden + ".weight"] + parameters[hidden + ".bias"]) @ parameters[output + ".weight"] + parameters[output + ".bias"]


def domain(source, target, parameters, name, relu=torch.relu):
    """The classifier tells source (0) from target (1); the encoders want the other answer, or none in particular."""
    def against(source, target, parameters, wanted):
        logits = [two_layers(F.normalize(x), parameters, "domain", relu=relu) for x in (source, target)]
        return sum(F.cross_entropy(x, torch.tensor([want], dtype=torch.float64).expand(len(x), 2)) for x, want in zip(logits, wanted))

    frozen = {block: value.detach() for block, value in parameters.items()}
    wanted = ((0, 1), (1, 0)) if name == "adversarial" else ((0.5, 0.5), (0.5, 0.5))
    return against(source.detach(), target.detach(), parameters, ((1, 0), (0, 1))) + against(source, target, frozen, wanted)


def cycle(source, target, parameters):
    s, t = F.normalize(source), F.normalize(target)
    ahead, back = (lambda x, name=name: two_layers(x, parameters, name) for name in ("to_target", "to_source"))
    source, target = s.detach(), t.detach()
    return F.mse_loss(ahead(s), target) + F.mse_loss(back(ahead(s)), source) + F.mse_loss(back(t), source) + F.mse_loss(ahead(back(t)), target)
