import { Pseudonyms } from './pseudonyms';

/** Expected digits: `printf %s LOCAL-PART | openssl dgst -sha256 -hmac 'a key of the tests only'`, the first 20. */
const KEY = 'a key of the tests only';
const JANE = 'p-2c7b3a17f2d9e611e5c0'; // jane.doe
const LOCAL_JANE = 'p-62fc5b94fe1e3e1d0a27'; // jane
const pseudonyms = new Pseudonyms(KEY);

test('an address keeps its domain; case makes no difference, and a pseudonym stays', () => {
  expect(pseudonyms.ofAddress('jane.doe@corp.example')).toBe(`${JANE}@corp.example`);
  expect(pseudonyms.ofAddress('Jane.Doe@Corp.Example')).toBe(`${JANE}@Corp.Example`);
  expect(pseudonyms.ofAddress(`${JANE}@corp.example`)).toBe(`${JANE}@corp.example`);
  expect(pseudonyms.ofAddress('jane')).toBe(LOCAL_JANE);
  expect(['', '<>'].map((each) => pseudonyms.ofAddress(each))).toEqual(['', '<>']);
});

test('what stands before the last @ is the local part, also of VERP', () => {
  expect(pseudonyms.ofAddress('jane=corp.example@lists.example')).toBe('p-8b6b7b8101576cf6f69b@lists.example');
});

test('a Message-ID loses its id-left; white space in it makes no difference, and one without @ stays', () => {
  expect(pseudonyms.ofMessageId('abc.123@mail.example')).toBe('p-3fe2acff9ecb0e78f5ed@mail.example');
  expect(pseudonyms.ofMessageId('ABC. 123@mail.example')).toBe('p-3fe2acff9ecb0e78f5ed@mail.example');
  expect(pseudonyms.ofMessageId('no-address-in-it')).toBe('no-address-in-it');
});

test.each([
  [
    '550 5.1.1 <Jane.Doe@corp.example>: Recipient address rejected',
    `550 5.1.1 <${JANE}@corp.example>: Recipient address rejected`,
  ],
  ['250 2.0.0 <jane.doe@corp.example.> Saved', `250 2.0.0 <${JANE}@corp.example.> Saved`],
  ['to=<jane.doe@corp.example>, orig_to=<jane>', `to=<${JANE}@corp.example>, orig_to=<${LOCAL_JANE}>`],
  ['from=jane.doe@corp.example size=4', `from=${JANE}@corp.example size=4`],
  ['/journeys/jane.doe%40corp.example', expect.not.stringContaining('jane') as string],
  ['bounce to "jane.doe"@corp.example', expect.not.stringContaining('jane') as string],
  [`<${JANE}@corp.example>`, `<${JANE}@corp.example>`],
  ['250 2.0.0 Ok: queued as 4fPXJt69k1zmwC', '250 2.0.0 Ok: queued as 4fPXJt69k1zmwC'],
  ['Müller@corp.example and x@y', expect.not.stringMatching(/üller|x@/) as string],
])('in a text: %s', (text, expected) => {
  expect(pseudonyms.inText(text)).toEqual(expected);
});

test('a local part that stands alone goes too, where the text or the event names its address; a reply code is none', () => {
  expect(pseudonyms.inText('unknown user: "jane.doe"', ['Jane.Doe@corp.example'])).toBe(`unknown user: "${JANE}"`);
  expect(pseudonyms.inText('<jane.doe@corp.example>... mailbox JANE.DOE full')).toBe(
    `<${JANE}@corp.example>... mailbox ${JANE} full`,
  );
  expect(pseudonyms.inText('550 user 550 unknown', ['550@corp.example'])).toBe('550 user 550 unknown');
});

test('other keys have other pseudonyms, and the fingerprint tells keys apart without telling the key', () => {
  const other = new Pseudonyms('another key of the tests');
  expect(other.ofAddress('jane')).not.toBe(LOCAL_JANE);
  expect(other.fingerprint).not.toBe(pseudonyms.fingerprint);
  expect(new Pseudonyms(KEY).fingerprint).toBe(pseudonyms.fingerprint);
});

test('remembers a bounded number of addresses, and answers the same after it forgot one', () => {
  const own = new Pseudonyms(KEY);
  for (let i = 0; i < 60_000; i++) own.ofAddress(`user${i}@corp.example`);
  expect(own.ofAddress('jane.doe@corp.example')).toBe(`${JANE}@corp.example`);
  expect((own as unknown as { known: { size: number } }).known.size).toBe(50_000);
});
