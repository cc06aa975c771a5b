import { parseDeliveredTo } from './delivered-to';

describe('parseDeliveredTo', () => {
  it.each([
    ['2.2.2.2', '', '2.2.2.2'],
    ['2.2.2.2:25', '', '2.2.2.2'],
    ['mx1.corp.example[198.51.100.20]:25', 'mx1.corp.example', '198.51.100.20'],
    [' mx1.corp.example. [198.51.100.20]', 'mx1.corp.example', '198.51.100.20'],
    ['mx1.corp.example[IPv6:2001:db8::1]:25', 'mx1.corp.example', '2001:db8::1'],
    ['[2001:db8::1]:25', '', '2001:db8::1'],
    ['2001:db8::1', '', '2001:db8::1'],
    ['mx1.corp.example:25', 'mx1.corp.example', ''],
    ['mx1.corp.example', 'mx1.corp.example', ''],
    ['none', '', ''],
    ['None', '', ''],
    ['-', '', ''],
    ['', '', ''],
    ['mx1.corp.example[198.51', '', ''],
    ['not a host', '', ''],
  ])('%s', (text, nextMta, nextAddress) => {
    expect(parseDeliveredTo(text)).toEqual({ nextMta, nextAddress });
  });
});
