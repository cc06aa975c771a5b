import { withoutAddresses } from './without-addresses';

test.each([
  ['/var/log/jane.doe@corp.example.eml: cannot be read', '/var/log/…@corp.example.eml: cannot be read'],
  ['550 <Jane@corp.example> unknown, bob@x too', '550 <…@corp.example> unknown, …@x too'],
  ['GET /journeys/jane%40corp.example?search=a+b@c', 'GET /journeys/…%40corp.example?search=…@c'],
  ['"jane doe"@corp.example', '…@corp.example'],
  ['at http://127.0.0.1:3000 since 19:00', 'at http://127.0.0.1:3000 since 19:00'],
])('%s', (sentence, expected) => {
  expect(withoutAddresses(sentence)).toBe(expected);
});
