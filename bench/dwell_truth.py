#!/usr/bin/env python3
"""Dwell quantiles of a Postfix log, computed from its lines by another program than Hoptime.

  python3 bench/dwell_truth.py mail.log          ISO or RFC 3164 stamps (year of no importance: differences only)

Dwell of a delivery = stamp of its `status=sent` line minus stamp of the first `queue active` line of its message. A message is the
lines of a queue id from `client=` to `removed`. Quantiles by nearest rank, in ms. Prints JSON.
"""
import json, math, re, sys
from datetime import datetime

head = re.compile(r'^(?:(\d{4}-\d\d-\d\dT\S+)|(\w{3} [ \d]\d \d\d:\d\d:\d\d)) \S+ postfix/\w+\[\d+\]: ([0-9A-Za-z]+): (.*)$')
active, dwells, counts = {}, [], {'messages': 0, 'sent': 0, 'bounced': 0, 'deferred': 0, 'reused': 0}
seen, last_text, last_ms = set(), None, 0

def milliseconds(iso, short):
    global last_text, last_ms
    text = iso or short
    if text != last_text:
        last_text = text
        if iso:
            d = datetime.fromisoformat(iso)
            last_ms = int(d.replace(microsecond=0).timestamp()) * 1000 + d.microsecond // 1000
        else:
            last_ms = int(datetime.strptime('2026 ' + short + ' +0000', '%Y %b %d %H:%M:%S %z').timestamp()) * 1000
    return last_ms

for line in open(sys.argv[1], encoding='utf-8', errors='replace'):
    m = head.match(line)
    if not m or m.group(3) == 'NOQUEUE':
        continue
    queue_id, text = m.group(3), m.group(4)
    if text.startswith('client='):
        counts['messages'] += 1
        if queue_id in seen:
            counts['reused'] += 1
        seen.add(queue_id)
        active.pop(queue_id, None)
    elif text.endswith('(queue active)'):
        active.setdefault(queue_id, milliseconds(m.group(1), m.group(2)))
    elif text.startswith('to=<'):
        status = re.search(r' status=(\w+)', text).group(1)
        counts[status] += 1
        if status == 'sent':
            dwells.append(milliseconds(m.group(1), m.group(2)) - active[queue_id])
dwells.sort()
rank = lambda p: dwells[max(0, math.ceil(p * len(dwells)) - 1)]
print(json.dumps({**counts, 'mean_ms': round(sum(dwells) / len(dwells), 3), 'max_ms': dwells[-1],
                  **{f'p{p}_ms': rank(p / 100) for p in (50, 75, 90, 95, 99, 99.9)}}))
