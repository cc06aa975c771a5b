import { parseStoreUrl } from './store-url';

it.each([
  ['chdb:./data', { kind: 'chdb', path: './data' }],
  [
    'http://127.0.0.1',
    {
      kind: 'server',
      hosts: ['http://127.0.0.1:8123'],
      username: 'default',
      password: '',
      database: 'hoptime_store',
      cluster: undefined,
      shown: 'http://127.0.0.1:8123/hoptime_store',
    },
  ],
  [
    'https://hop%40x:a%2Fb%3Ac%25:d@ch1.example,ch2.example:9440,[2001:db8::1]:8443/mail?cluster=main-2',
    {
      kind: 'server',
      hosts: ['https://ch1.example:8443', 'https://ch2.example:9440', 'https://[2001:db8::1]:8443'],
      username: 'hop@x',
      password: 'a/b:c%:d',
      database: 'mail',
      cluster: 'main-2',
      shown: 'https://ch1.example:8443,https://ch2.example:9440,https://[2001:db8::1]:8443/mail?cluster=main-2',
    },
  ],
])('reads %s', (text, url) => expect(parseStoreUrl(text)).toEqual(url));

it.each([
  'chdb:',
  'mysql://geheim@host/db',
  'http://u:geheim@/db',
  'http://u:geheim@host:0/db',
  'http://u:geheim@host:99999/db',
  'http://u:geheim@host,,other/db',
  'http://u:geheim@ho st/db',
  'http://u:geheim%@host/db',
  'http://u:geheim@host/d-b',
  'http://u:geheim@host/db/more',
  'http://u:geheim@host/db?secure=1',
  'http://u:geheim@host/db?cluster=',
  "http://u:geheim@host/db?cluster=a'b",
])('refuses %s without repeating it', (text) => {
  const url = parseStoreUrl(text);
  expect(url).toEqual({ problem: expect.any(String) as string });
  expect(JSON.stringify(url)).not.toContain('geheim');
});
