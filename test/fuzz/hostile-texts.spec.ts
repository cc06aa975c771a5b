import { allowListOf } from '../../libs/diagnose/allow-list/read-allow-list';
import { syntaxTree } from '../../libs/sql/syntax-tree';
import { parseTimestamp } from '../../libs/trace/timestamp';
import { Pseudonyms } from '../../libs/trace/pseudonyms';
import { nextQueueId, readReply } from '../../libs/trace/smtp-reply';
import { withoutAddresses } from '../../libs/trace/without-addresses';

/** Texts of 100 KB that make a pattern begin anew at each of their letters: seconds where it is one that does, milliseconds else. */
const SIZE = 100_000;
const MOST_MS = 1500;
const many = (text: string): string => text.repeat(Math.ceil(SIZE / text.length));
const pseudonyms = new Pseudonyms('a key of a test, long enough');
/** Each parameter names the next one twice: 2^26 copies of the last. */
const DOUBLING = Array.from({ length: 9 }, (_, i) => `v${i} = ${`$v${i + 1} `.repeat(20)}\n`).join('');

const READINGS: readonly (readonly [string, (text: string) => unknown])[] = [
  ['a sentence of the log', withoutAddresses],
  ['a reply', readReply],
  ['a queue id in a reply', nextQueueId],
  ['a stamp', (text) => parseTimestamp(text, { timeZone: 'UTC', fileTime: 0 })],
  ['a text with addresses', (text) => pseudonyms.inText(text, ['jane@corp.example'])],
  ['a Message-ID', (text) => pseudonyms.ofMessageId(text)],
  ['a list of addresses', (text) => allowListOf('list.txt', text, true)],
  [
    'connectors of Exchange',
    (text) => allowListOf('list.json', JSON.stringify([{ Name: 'a', RemoteIPRanges: [text] }]), true),
  ],
  ['a main.cf', (text) => allowListOf('main.cf', `mynetworks = ${text}`, true)],
  ['a literal in a tree', (text) => syntaxTree(`Literal '${text}`)],
];
const TEXTS: Readonly<Record<string, string>> = {
  blanks: many(' '),
  'blanks before a letter': `${many(' ')}x`,
  'line ends': `${many('\n')}x`,
  letters: many('a'),
  'dots before a letter': `jane@corp.example ${many('.')}x`,
  'dots behind an address': `jane@corp.example${many('.')}x`,
  'an id that ends in hyphens, nearly': `250 2.0.0 Ok: queued as a1b2${many('-')}b)`,
  quotes: `${many('"')}@x`,
  brackets: many('<'),
  parentheses: many('('),
  'parentheses behind blanks': many(' ('),
  at: many('@'),
  percent: many('%40'),
  equals: many('to=<'),
  aliases: many(' (alias '),
  parameters: many('${a}'),
};

describe.each(READINGS)('%s is read in a time that grows with its length', (_name, read) => {
  it.each(Object.keys(TEXTS))('%s', (name) => {
    const before = process.cpuUsage();
    read(TEXTS[name]);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(MOST_MS);
  });
});

it('takes no more of parameters that name each other than a main.cf can mean', () => {
  const { problems } = allowListOf('main.cf', `${DOUBLING}v9 = 192.0.2.1\nmynetworks = $v0\n`, true);
  expect(problems.map(({ reason }) => reason).filter((reason) => reason.startsWith('parameters'))).toEqual([
    'parameters that name others come to more than 1000000 characters: the rest does not count',
  ]);
});
