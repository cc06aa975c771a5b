import { domainOf, normaliseAddress } from './mail-address';

describe('normaliseAddress', () => {
  test.each([
    ['<Mallory@Ny.Corp.Example>', 'mallory@ny.corp.example'],
    ['  judy@ny.corp.example ', 'judy@ny.corp.example'],
    ['rfc822;Desk@ldn.corp.example', 'desk@ldn.corp.example'],
    ['RFC822; <desk@ldn.corp.example>', 'desk@ldn.corp.example'],
    ['<rfc822;desk@ldn.corp.example>', 'desk@ldn.corp.example'],
    ['rfc822;news+2Bhop@corp.example', 'news+hop@corp.example'],
    ['rfc822;srs0+3Dx@corp.example', 'srs0=x@corp.example'],
    ['news+2Bhop@corp.example', 'news+2bhop@corp.example'],
    ['<@relay1.example,@relay2.example:user@corp.example>', 'user@corp.example'],
    ['user+1=2@corp.example', 'user+1=2@corp.example'],
    ['Judy <judy@corp.example>', 'judy@corp.example'],
    ['<"odd one"@corp.example>', '"odd one"@corp.example'],
    ['<root', 'root'],
    ['<>', '<>'],
    [' < > ', '<>'],
    ['', ''],
    ['   ', ''],
  ])('%j becomes %j', (text, address) => {
    expect(normaliseAddress(text)).toBe(address);
    expect(normaliseAddress(address)).toBe(address);
  });
});

test.each([
  ['<Mallory@Ny.Corp.Example>', 'ny.corp.example'],
  ['"a@b"@corp.example', 'corp.example'],
  ['root', ''],
  ['<>', ''],
  ['', ''],
])('the domain of %j is %j', (address, domain) => {
  expect(domainOf(address)).toBe(domain);
});
