#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Times PyTorch's training step on the encoders and text lengths of training-step.c, and ours beside it.

PyTorch gets what it likes best: texts of a batch padded only to the longest of them, its own encoder layers, AdamW.
Both count real tokens.  Each row is the better of two turns each, taken alternately, because other work on the machine
makes single turns unequal.  PyTorch runs twice, with and without threads of OpenBLAS inside its own: which is faster
depends on the machine.

With tables, the first encoder is timed on texts of their lengths, a token a character.  PyTorch then gets batches of
texts of like length, which is its best case; ours come in random order, as in training.

usage: peer-step.py BUILD/tests/benchmark/benchmark-training-step [SECONDS of each turn, 4] [TABLE...]      needs python3-torch
"""
import csv
import os
import random
import subprocess
import sys
import tempfile
import time

SETTINGS = [  # name, hidden, layers, heads, feed-forward, shortest and longest text, as in training-step.c
    ('128 x 2, 25 tokens', 128, 2, 2, 512, 10, 40),
    ('512 x 1, 128 tokens', 512, 1, 8, 2048, 128, 128),
    ('512 x 2, 128 tokens', 512, 2, 8, 2048, 128, 128),
]
VOCABULARY, POSITIONS, LABELS, TEXTS = 4000, 128, 10, 32


def read_lengths(table):
    """Lengths in tokens of the texts of 64 batches, drawn from a table: [CLS] and a token a character, at most 128."""
    with open(table, encoding='utf-8-sig', errors='replace', newline='') as file:
        rows = list(csv.DictReader(file))
    lengths = [min(POSITIONS, len(row['text']) + 1) for row in rows]
    return random.Random(1).sample(lengths, 64 * TEXTS)


def peer(setting, threads, seconds, lengths=None):
    """Prints PyTorch's tokens a second; runs in a process of its own, for its threads."""
    import torch
    from torch import nn

    _, hidden, layers, heads, feed_forward, shortest, longest = setting
    torch.set_num_threads(threads)
    random.seed(1)

    class Classifier(nn.Module):
        def __init__(self):
            super().__init__()
            self.token, self.position = nn.Embedding(VOCABULARY, hidden), nn.Embedding(POSITIONS, hidden)
            layer = nn.TransformerEncoderLayer(hidden, heads, feed_forward, 0.1, 'gelu', batch_first=True, norm_first=True)
            self.encoder = nn.TransformerEncoder(layer, layers, nn.LayerNorm(hidden))
            self.dropout, self.output = nn.Dropout(0.1), nn.Linear(hidden, LABELS)

        def forward(self, ids, padding):
            x = self.dropout(self.token(ids) + self.position.weight[:ids.shape[1]])
            x = self.encoder(x, src_key_padding_mask=padding if padding.any() else None)
            real = (~padding).unsqueeze(-1).float()
            return self.output(self.dropout((x * real).sum(1) / real.sum(1)))

    batches = []
    if lengths:
        ordered = sorted(lengths)
        shards = [ordered[i:i + TEXTS] for i in range(0, len(ordered), TEXTS)]
        random.shuffle(shards)
    else:
        shards = [[random.randint(shortest, longest) for _ in range(TEXTS)] for _ in range(16)]
    for shard in shards:
        of_batch = torch.tensor(shard)
        padding = torch.arange(int(of_batch.max()))[None] >= of_batch[:, None]
        ids = torch.randint(VOCABULARY, padding.shape).masked_fill(padding, 0)
        batches.append((ids, padding, torch.randint(LABELS, (TEXTS,)), int(of_batch.sum())))

    model = Classifier()
    optimizer = torch.optim.AdamW(model.parameters(), 5e-4, weight_decay=0.01)
    times, end, step = [], time.perf_counter() + seconds, 0
    # Batches of a table differ in length, so all of them are seen as often.
    while len(times) < 4 or time.perf_counter() < end or (lengths and step % len(batches)):
        ids, padding, labels, n_tokens = batches[step % len(batches)]
        start = time.perf_counter()
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(ids, padding), labels).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step > 2:
            times.append((time.perf_counter() - start, n_tokens))
    if lengths:
        print(sum(n_tokens for _, n_tokens in times) / sum(spent for spent, _ in times))
    else:
        print(1 / sorted(spent / n_tokens for spent, n_tokens in times)[len(times) // 2])


def run_peer(index, threads, seconds, blas_threads, table=None):
    environment = dict(os.environ, OPENBLAS_NUM_THREADS=str(blas_threads))
    command = [sys.executable, __file__, '--peer', str(index), str(threads), str(seconds)] + ([table] if table else [])
    return float(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def run_ours(program, index, threads, seconds, table=None):
    environment = dict(os.environ, OPENBLAS_NUM_THREADS='1')
    command = [program, str(seconds), str(2 * index + threads - 1)]
    with tempfile.NamedTemporaryFile('w', suffix='.txt') as file:
        if table:
            file.write('\n'.join(map(str, read_lengths(table))))
            file.flush()
            command.append(file.name)
        output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    line = output.splitlines()[-1]
    return float(line[len('encoder             '):].split()[1])


def compare(name, program, index, threads, seconds, table=None):
    turns = [(run_peer(index, threads, seconds, threads, table), run_peer(index, threads, seconds, 1, table),
              run_ours(program, index, threads, seconds, table)) for _ in range(2)]
    torch_rate, torch_single, ours = (max(column) for column in zip(*turns))
    print(f'{name:20} {threads:7} {torch_rate:9.0f} {torch_single:9.0f} {ours:9.0f} '
          f'{ours / torch_rate:6.1f} {ours / torch_single:6.1f}', flush=True)


def main():
    if sys.argv[1:2] == ['--peer']:
        return peer(SETTINGS[int(sys.argv[2])], int(sys.argv[3]), float(sys.argv[4]),
                    read_lengths(sys.argv[5]) if len(sys.argv) > 5 else None)
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 4.0
    print(f'{"encoder":20} {"threads":>7} {"PyTorch":>9} {"1 BLAS":>9} {"Wenlei":>9} {"ratio":>6} {"1 BLAS":>6}   tokens/s')
    for table in sys.argv[3:]:
        compare(os.path.basename(table)[:20], program, 0, 2, seconds, table)
    if len(sys.argv) <= 3:
        for index, setting in enumerate(SETTINGS):
            for threads in 1, 2:
                compare(setting[0], program, index, threads, seconds)


main()
