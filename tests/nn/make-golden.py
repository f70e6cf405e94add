#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Works out with PyTorch what test-golden.c compares the encoder with.

Logits, loss, the gradient of every tensor, and every tensor after three steps of AdamW and of Adam, for both layouts
of the Transformer; the gradient with weights and soft targets; the losses of R-Drop and mixup alone; and one step in
which hidden tokens are guessed instead of labels.  The layers are PyTorch's own TransformerEncoderLayer, one text at a time and without padding, so
nothing is shared with the encoder but the weights: these are sines, which both sides work out for themselves.

Only needed when the cases change; needs Debian's python3-torch.     usage: make-golden.py > data/golden.txt
"""
import math

import torch
import torch.nn.functional as F
from torch import nn

VOCABULARY, POSITIONS, HIDDEN, LAYERS, HEADS, FEED_FORWARD, LABELS = 13, 7, 8, 2, 2, 12, 3
TEXTS = [[2, 5, 1, 7], [3], [2, 2, 9, 4, 11, 0, 6], [8, 5]]
TEXT_LABELS = [0, 2, 1, 2]
TEXT_WEIGHTS = [0.5, 2.0, 1.0, 0.5]
TEXT_TARGETS = [[0.5, 0.25, 0.25], [0.0, 0.0, 1.0], [0.125, 0.75, 0.125], [0.25, 0.0, 0.75]]
SMOOTHING, RATE, DECAY, CLIP = 0.1, 1e-2, 0.1, 0.5
HIDDEN_TEXTS = [[2, 1, 1, 7], [3], [2, 1, 9, 4, 11, 0, 5], [8, 5]]  # seed 7, step 1: see test-golden.c
TARGETS = [(0, 1, 5), (2, 1, 2), (2, 3, 4), (2, 5, 0), (2, 6, 6)]  # text, place in it, token that was there


class Classifier(nn.Module):
    def __init__(self, norm_first, pool_first):
        super().__init__()
        self.norm_first, self.pool_first = norm_first, pool_first
        self.token, self.position = nn.Embedding(VOCABULARY, HIDDEN), nn.Embedding(POSITIONS, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN)  # after the embeddings (post-norm) or after the last layer (pre-norm)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(HIDDEN, HEADS, FEED_FORWARD, 0.0, 'gelu', batch_first=True, norm_first=norm_first)
            for _ in range(LAYERS))
        self.output = nn.Linear(HIDDEN, LABELS)

    def named_tensors(self):
        """Our names, in our order."""
        yield 'embeddings.token.weight', self.token.weight
        yield 'embeddings.position.weight', self.position.weight
        if not self.norm_first:
            yield 'embeddings.norm.weight', self.norm.weight
            yield 'embeddings.norm.bias', self.norm.bias
        for i, layer in enumerate(self.layers):
            yield f'layers.{i}.attention.norm.weight', layer.norm1.weight
            yield f'layers.{i}.attention.norm.bias', layer.norm1.bias
            yield f'layers.{i}.attention.query_key_value.weight', layer.self_attn.in_proj_weight
            yield f'layers.{i}.attention.query_key_value.bias', layer.self_attn.in_proj_bias
            yield f'layers.{i}.attention.output.weight', layer.self_attn.out_proj.weight
            yield f'layers.{i}.attention.output.bias', layer.self_attn.out_proj.bias
            yield f'layers.{i}.feed_forward.norm.weight', layer.norm2.weight
            yield f'layers.{i}.feed_forward.norm.bias', layer.norm2.bias
            yield f'layers.{i}.feed_forward.inner.weight', layer.linear1.weight
            yield f'layers.{i}.feed_forward.inner.bias', layer.linear1.bias
            yield f'layers.{i}.feed_forward.outer.weight', layer.linear2.weight
            yield f'layers.{i}.feed_forward.outer.bias', layer.linear2.bias
        if self.norm_first:
            yield 'norm.weight', self.norm.weight
            yield 'norm.bias', self.norm.bias
        yield 'output.weight', self.output.weight
        yield 'output.bias', self.output.bias

    def fill(self):
        with torch.no_grad():
            for t, (name, tensor) in enumerate(self.named_tensors()):
                one = 1.0 if name.endswith('norm.weight') else 0.0
                values = [one + 0.4 * math.sin(1.7 * i + t) for i in range(tensor.numel())]
                tensor.copy_(torch.tensor(values).view_as(tensor))

    def vectors(self, texts):
        for text in texts:
            x = (self.token(torch.tensor(text)) + self.position(torch.arange(len(text))))[None]
            if not self.norm_first:
                x = self.norm(x)
            for layer in self.layers:
                x = layer(x)
            if self.norm_first:
                x = self.norm(x)
            yield x[0]

    def forward(self):
        return self.output(torch.stack([x[0] if self.pool_first else x.mean(0) for x in self.vectors(TEXTS)]))


def show(name, values):
    print(name, *(f'{v:.8g}' for v in values.detach().flatten().tolist()))


loss_function = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
labels = torch.tensor(TEXT_LABELS)
for norm_first, pool_first in (True, False), (False, True):
    for optimizer_class in torch.optim.AdamW, torch.optim.Adam:
        model = Classifier(norm_first, pool_first)
        model.fill()
        matrices = [p for _, p in model.named_tensors() if p.dim() == 2]
        vectors = [p for _, p in model.named_tensors() if p.dim() == 1]
        optimizer = optimizer_class([dict(params=matrices, weight_decay=DECAY), dict(params=vectors, weight_decay=0.0)], RATE)
        case = f'{"pre" if norm_first else "post"}.{optimizer_class.__name__.lower()}.'
        for step in range(3):
            optimizer.zero_grad()
            logits = model()
            loss = loss_function(logits, labels)
            loss.backward()
            if step == 0 and optimizer_class is torch.optim.AdamW:
                show(case + 'logits', logits)
                for name, tensor in model.named_tensors():
                    show(case + 'gradient.' + name, tensor.grad)
            show(f'{case}loss.{step + 1}', loss)
            show(f'{case}norm.{step + 1}', nn.utils.clip_grad_norm_(model.parameters(), CLIP))
            optimizer.step()
        for name, tensor in model.named_tensors():
            show(case + 'after.' + name, tensor)

weights, targets = torch.tensor(TEXT_WEIGHTS), torch.tensor(TEXT_TARGETS)
for case, goal in ('weighted', labels), ('soft', targets):
    model = Classifier(True, False)
    model.fill()
    loss = (weights * F.cross_entropy(model(), goal, reduction='none', label_smoothing=SMOOTHING)).mean()
    loss.backward()
    show(f'{case}.loss', loss)
    for name, tensor in model.named_tensors():
        show(f'{case}.gradient.{name}', tensor.grad)

# R-Drop: pairs of rows side by side, as if each text had gone through with two dropouts.
PAIRS, PAIR_LABELS, FACTOR = 4, 5, 3.0
logits = torch.tensor([2.0 * math.sin(1.3 * i) for i in range(2 * PAIRS * PAIR_LABELS)]).view(2 * PAIRS, PAIR_LABELS)
logits.requires_grad_()
p, q = (logits[i::2].log_softmax(1) for i in (0, 1))
divergence = FACTOR * (F.kl_div(p, q, log_target=True, reduction='sum') + F.kl_div(q, p, log_target=True, reduction='sum'))
divergence.backward()
show('consistency.loss', divergence)
show('consistency.gradient', logits.grad)

# Mixup: of vectors, with the mixture of the two losses.
rows = torch.tensor([math.sin(0.7 * i) for i in range(4 * HIDDEN)]).view(4, HIDDEN).requires_grad_()
matrix = torch.tensor([math.cos(0.9 * i) for i in range(LABELS * HIDDEN)]).view(LABELS, HIDDEN)
shares, partners = torch.tensor([0.5, 0.75, 1.0, 0.625]), torch.tensor([2, 3, 0, 1])
logits = (shares[:, None] * rows + (1 - shares[:, None]) * rows[partners]) @ matrix.T
loss = (shares * F.cross_entropy(logits, labels, reduction='none')
        + (1 - shares) * F.cross_entropy(logits, labels[partners], reduction='none')).mean()
loss.backward()
show('mixup.loss', loss)
show('mixup.gradient', rows.grad)

for norm_first in True, False:
    model = Classifier(norm_first, True)
    model.fill()
    bias = nn.Parameter(torch.zeros(VOCABULARY))
    matrices = [p for n, p in model.named_tensors() if p.dim() == 2 and not n.startswith('output')]
    vectors = [bias] + [p for n, p in model.named_tensors() if p.dim() == 1 and not n.startswith('output')]
    optimizer = torch.optim.AdamW([dict(params=matrices, weight_decay=DECAY), dict(params=vectors, weight_decay=0.0)], RATE)
    case = f'{"pre" if norm_first else "post"}.masked.'
    texts = list(model.vectors(HIDDEN_TEXTS))
    logits = torch.stack([texts[text][place] for text, place, _ in TARGETS]) @ model.token.weight.T + bias
    loss = nn.functional.cross_entropy(logits, torch.tensor([token for _, _, token in TARGETS]))
    loss.backward()
    show(case + 'loss', loss)
    for name, tensor in model.named_tensors():
        if not name.startswith('output'):
            show(case + 'gradient.' + name, tensor.grad)
    show(case + 'gradient.masked.bias', bias.grad)
    show(case + 'norm', nn.utils.clip_grad_norm_(matrices + vectors, CLIP))
    optimizer.step()
    for name, tensor in model.named_tensors():
        if not name.startswith('output'):
            show(case + 'after.' + name, tensor)
    show(case + 'after.masked.bias', bias)
