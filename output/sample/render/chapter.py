# coding: utf-8
# Byte Pair Encoding: How a Tokenizer Learns Its Vocabulary

# 2. Byte pair encoding in Python and with minbpe

def get_stats(ids):
    counts = {}
    for left, right in zip(ids, ids[1:]):
        seen = counts.get((left, right), 0)
        counts[left, right] = seen + 1
    return counts

def merge(ids, pair, idx):
    out, i = [], 0
    while i < len(ids):
        if tuple(ids[i:i + 2]) == pair:
            out.append(idx)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return out

ids = list("aaabdaaabac".encode("utf-8"))
for idx in range(256, 259):
    stats = get_stats(ids)
    pair = max(stats, key=stats.get)
    ids = merge(ids, pair, idx)
    print(idx, pair, len(ids))
print(ids)

from minbpe import BasicTokenizer
tokenizer = BasicTokenizer()
tokenizer.train("aaabdaaabac", 256 + 3)
ids = tokenizer.encode("aaabdaaabac")
print(ids)
print(tokenizer.decode(ids))
