import {
  codeOf,
  HttpStatusError,
  isOutcomeUnknown,
  isTransient,
  shortReason,
  TRANSIENT_CODES,
} from './clickhouse-error';
import { openTemporaryStore } from './temporary-store.fixture';

it('names the codes as the engine does', async () => {
  const own = await openTemporaryStore();
  try {
    const codes = Object.keys(TRANSIENT_CODES).map(Number);
    const rows = await own.store.rows<{ code: number; name: string }>({
      sql: `SELECT code, toString(errorCodeToName(code)) AS name FROM (SELECT arrayJoin([${codes.join(', ')}]) AS code)`,
    });
    expect(Object.fromEntries(rows.map(({ code, name }) => [code, name]))).toEqual(TRANSIENT_CODES);
  } finally {
    await own.close();
  }
});

const engine = (code: number, message = 'said'): Error => Object.assign(new Error(message), { code: String(code) });

it.each([
  ['a full disk', engine(243), true, 'it answers code 243 (NOT_ENOUGH_SPACE)'],
  ['too many parts', engine(252), true, 'it answers code 252 (TOO_MANY_PARTS)'],
  [
    'the memory of the server',
    engine(241, '(total) memory limit exceeded'),
    true,
    'it answers code 241 (MEMORY_LIMIT_EXCEEDED)',
  ],
  [
    'the limit of a query',
    engine(241, 'Query memory limit exceeded'),
    false,
    'it answers code 241 (MEMORY_LIMIT_EXCEEDED)',
  ],
  ['no such table', engine(60), false, 'it answers code 60'],
  ['no right', engine(497), false, 'it answers code 497'],
  [
    'a cut connection',
    Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
    true,
    'the connection was cut',
  ],
  ['nobody there', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), true, 'nobody listens there'],
  ['silence', new Error('Timeout error.'), true, 'it does not answer in time'],
  ['a proxy without a server', new HttpStatusError(502), true, 'it answers with status 502'],
  ['something else that listens', new HttpStatusError(404), false, 'it answers with status 404'],
  ['a mistake of the program', new TypeError('x is not a function'), false, 'the connection was cut'],
])('%s', (_, error, transient, reason) => {
  expect([isTransient(error), shortReason(error)]).toEqual([transient, reason]);
});

it('reads the code wherever it stands', () => {
  const native = Object.assign(new Error('x'), { clickhouseCode: 62 });
  expect([codeOf(native), codeOf(engine(60)), codeOf(new Error('Code: 159. DB::Exception'))]).toEqual([62, 60, 159]);
  expect([codeOf(new Error('no code')), codeOf('text'), codeOf(undefined)]).toEqual([undefined, undefined, undefined]);
  expect([isOutcomeUnknown(engine(243)), isOutcomeUnknown(new Error('socket hang up'))]).toEqual([false, true]);
});
