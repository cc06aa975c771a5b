/** Bytes looked at to tell the encoding. */
const SNIFFED = 4096;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * Tells the encoding of a text by its first bytes: a byte order mark, or without one the NUL bytes that Latin letters have in
 * UTF-16 (formats.md §5). Everything else is taken for UTF-8, which every syslog is, or nearly.
 */
export function encodingOf(start: Uint8Array): Encoding {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const pairs = Math.min(start.length, SNIFFED) >> 1;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < pairs; i++) {
    if (start[2 * i] === 0) even++;
    if (start[2 * i + 1] === 0) odd++;
  }
  // A log with a hole of NUL bytes has them in both positions.
  if (odd * 2 > pairs && even * 10 < pairs) return 'utf-16le';
  if (even * 2 > pairs && odd * 10 < pairs) return 'utf-16be';
  return 'utf-8';
}

/**
 * Text of whatever encoding as UTF-8 without byte order mark. UTF-8 passes through untouched, valid or not, and uncopied. What the source
 * throws is thrown when everything before it has been handed on.
 */
export async function* asUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  const held: Buffer[] = [];
  let heldBytes = 0;
  let failure: { readonly error: unknown } | undefined;
  const next = async (): Promise<IteratorResult<Buffer, unknown>> => {
    try {
      return await iterator.next();
    } catch (error) {
      failure = { error };
      return { done: true, value: undefined };
    }
  };
  try {
    let step = await next();
    // Only short reads are copied and held; a first chunk of usual size goes through as it is.
    while (!step.done && heldBytes + step.value.length < SNIFFED) {
      held.push(Buffer.from(step.value));
      heldBytes += step.value.length;
      step = await next();
    }
    const encoding = encodingOf(Buffer.concat(step.done ? held : [...held, step.value.subarray(0, SNIFFED)]));
    const decode = encoding === 'utf-8' ? withoutMark() : transcoder(encoding);
    for (const chunk of held) yield* decode(chunk);
    for (; !step.done; step = await next()) yield* decode(step.value);
    yield* decode(undefined);
    if (failure) throw failure.error;
  } finally {
    await iterator.return?.();
  }
}

type Decode = (chunk: Buffer | undefined) => Iterable<Buffer>;

function transcoder(encoding: Encoding): Decode {
  const decoder = new TextDecoder(encoding);
  return function* (chunk) {
    const text = decoder.decode(chunk, { stream: chunk !== undefined });
    if (text) yield Buffer.from(text, 'utf8');
  };
}

const MARK = [0xef, 0xbb, 0xbf];

function withoutMark(): Decode {
  let matched = 0;
  let decided = false;
  return function* (chunk) {
    let from = 0;
    if (!decided) {
      while (chunk && from < chunk.length && matched < 3 && chunk[from] === MARK[matched]) {
        from++;
        matched++;
      }
      decided = matched === 3 || chunk === undefined || from < chunk.length;
      // A text that only began like the mark gets those bytes back.
      if (decided && matched < 3 && matched > 0) yield Buffer.from(MARK.slice(0, matched));
    }
    if (chunk && from < chunk.length) yield from === 0 ? chunk : chunk.subarray(from);
  };
}
