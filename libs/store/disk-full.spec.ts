import { asDiskFull, DiskFullError, spaceRefusal } from './disk-full';

const system = (code: string): Error => Object.assign(new Error(`${code}: write`), { code });

describe('spaceRefusal', () => {
  it.each<[string, unknown, string]>([
    ['a full disk', system('ENOSPC'), 'ENOSPC'],
    ['a used-up quota', system('EDQUOT'), 'EDQUOT'],
    ['a limit of file size', system('EFBIG'), 'EFBIG'],
    ['code 243 of the engine', Object.assign(new Error('cannot reserve'), { code: '243' }), 'ENOSPC'],
    ['its name', new Error('Code: 243. DB::Exception: … (NOT_ENOUGH_SPACE)'), 'ENOSPC'],
    ['its words', new Error('Cannot reserve 1.00 MiB, not enough space. '), 'ENOSPC'],
    [
      'the words of the system in the engine’s error',
      new Error('Cannot write to file: errno: 28, strerror: No space left on device'),
      'ENOSPC',
    ],
    [
      'a limit of file size in the engine’s error',
      new Error('Cannot write to file /d/s/data.bin: , errno: 27, strerror: File too large'),
      'EFBIG',
    ],
    [
      'a quota in the engine’s error',
      new Error('Cannot write to file: , errno: 122, strerror: Disk quota exceeded'),
      'EDQUOT',
    ],
    ['the cause of another error', new Error('insert failed', { cause: system('EFBIG') }), 'EFBIG'],
    ['itself', new DiskFullError('/d', 'EDQUOT'), 'EDQUOT'],
  ])('%s', (_what, error, refusal) => expect(spaceRefusal(error)).toBe(refusal));

  it.each<[string, unknown]>([
    ['another code of the engine', Object.assign(new Error('Memory limit exceeded'), { code: '241' })],
    ['another one of the system', system('EACCES')],
    ['another errno', new Error('Cannot write to file: , errno: 280, strerror: x')],
    ['no error object', 'ENOSPC'],
    ['nothing', null],
  ])('%s is none', (_what, error) => {
    expect(spaceRefusal(error)).toBeUndefined();
    expect(asDiskFull(error, '/d')).toBe(error);
  });
});

describe('DiskFullError', () => {
  it.each<[string, string]>([
    ['ENOSPC', 'no space left on the disk of /d/s: free some, then run the same command again (reading twice is safe)'],
    [
      'EDQUOT',
      'the disk quota is used up on the disk of /d/s: free some space, or have the quota raised, then run the same command again (reading twice is safe)',
    ],
    [
      'EFBIG',
      'a file of /d/s would become larger than the system allows: raise the limit (ulimit -f), or use another disk, then run the same command again (reading twice is safe)',
    ],
  ])('%s says what to do', (code, message) => {
    const error = asDiskFull(system(code), '/d/s');
    expect(error).toBeInstanceOf(DiskFullError);
    expect(error).toMatchObject({ message, path: '/d/s' });
  });

  it('keeps the path that it names already', () => {
    const inner = new DiskFullError('/d/s/spool');
    expect(asDiskFull(inner, '/d')).toBe(inner);
  });
});
