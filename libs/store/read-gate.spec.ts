import { ReadGate } from './read-gate';

/** Work that says when it begins and ends; it ends when told to. */
function work(name: string, log: string[]): { run: () => Promise<string>; end: () => void } {
  let end: () => void = () => undefined;
  const until = new Promise<void>((done) => (end = done));
  const run = async (): Promise<string> => {
    log.push(`${name} begins`);
    await until;
    log.push(`${name} ends`);
    return name;
  };
  return { run, end };
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

describe('ReadGate', () => {
  it('lets reads run side by side, and a change alone between them', async () => {
    const log: string[] = [];
    const gate = new ReadGate();
    const [a, b, change, c] = ['a', 'b', 'change', 'c'].map((name) => work(name, log));
    const all = [gate.read(a.run), gate.read(b.run), gate.alone(change.run), gate.read(c.run)];
    await settled();
    expect(log).toEqual(['a begins', 'b begins']);
    b.end();
    a.end();
    await settled();
    expect(log.slice(2)).toEqual(['b ends', 'a ends', 'change begins']);
    change.end();
    c.end();
    expect(await Promise.all(all)).toEqual(['a', 'b', 'change', 'c']);
    expect(log.slice(5)).toEqual(['change ends', 'c begins', 'c ends']);
  });

  it('opens again after a change or a read that failed', async () => {
    const gate = new ReadGate();
    const fails = (): Promise<never> => Promise.reject(new Error('no'));
    await expect(gate.read(fails)).rejects.toThrow('no');
    await expect(gate.alone(fails)).rejects.toThrow('no');
    await expect(gate.alone(() => Promise.resolve(1))).resolves.toBe(1);
    await expect(gate.read(() => Promise.resolve(2))).resolves.toBe(2);
  });
});
