import type { Micros } from './clock';

/**
 * Puts lines that are made ahead of time into time order: add in any order, then take all up to a time before which no more
 * will come. A binary heap; equal times keep the order of adding.
 */
export class OrderedLines<T> {
  private readonly heap: { at: Micros; order: number; line: T }[] = [];
  private added = 0;

  constructor(private readonly take: (line: T, at: Micros) => void) {}

  add(at: Micros, line: T): void {
    const heap = this.heap;
    const entry = { at, order: this.added++, line };
    let child = heap.length;
    heap.push(entry);
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!before(entry, heap[parent])) break;
      heap[child] = heap[parent];
      child = parent;
    }
    heap[child] = entry;
  }

  /** Gives every line before `until` to `take`, in order. */
  flush(until: Micros): void {
    const heap = this.heap;
    while (heap.length && heap[0].at < until) {
      const first = heap[0];
      this.removeFirst();
      this.take(first.line, first.at);
    }
  }

  private removeFirst(): void {
    const heap = this.heap;
    const last = heap.pop();
    if (!last || !heap.length) return;
    let parent = 0;
    for (let child = 1; child < heap.length; child = 2 * parent + 1) {
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], last)) break;
      heap[parent] = heap[child];
      parent = child;
    }
    heap[parent] = last;
  }
}

interface Place {
  readonly at: Micros;
  readonly order: number;
}

const before = (a: Place, b: Place): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
