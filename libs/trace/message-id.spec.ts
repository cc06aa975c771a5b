import { displayMessageId, keyOfDisplayed, messageKey } from './message-id';

describe('displayMessageId', () => {
  test.each([
    ['<abc@mail.bank.example>', 'abc@mail.bank.example'],
    ['  <abc@mail.bank.example>\t', 'abc@mail.bank.example'],
    ['\r\n <Folded.1@Partner.example>', 'Folded.1@Partner.example'],
    ['<long-\r\n local@partner.example>', 'long- local@partner.example'],
    [
      '<a1.JavaMail.App2522@partner.example> (added by postmaster@mail.partner.example)',
      'a1.JavaMail.App2522@partner.example',
    ],
    ['<9f@uni.example>+C673BB87EFA0CECE', '9f@uni.example'],
    ['CA168ed94cf4@mail.bank.example', 'CA168ed94cf4@mail.bank.example'],
    ['CA168ed94cf4@mail.bank.example (added by x)', 'CA168ed94cf4@mail.bank.example'],
    ['<CA28 odd@mail.bank.example>', 'CA28 odd@mail.bank.example'],
    ['<[9ff2-11]@pix.example>', '[9ff2-11]@pix.example'],
    ['<1678827652613976136@mail-new>', '1678827652613976136@mail-new'],
    ['<<twice@partner.example>>', 'twice@partner.example'],
    ['text before <b@c.example> and <d@e.example>', 'b@c.example'],
    ['<b3f2eaa938c51c4a.32c7e6a5', 'b3f2eaa938c51c4a.32c7e6a5'],
  ])('%j is shown as %j', (text, shown) => {
    expect(displayMessageId(text)).toBe(shown);
  });

  test.each(['', ' ', '<>', '< >', 'unspecified', ' unspecified\n', '<'])('%j is no id', (text) => {
    expect(displayMessageId(text)).toBe('');
    expect(messageKey(text)).toBe('');
  });
});

describe('messageKey', () => {
  test.each([
    ['<CAB.Ünï@Mail.BANK.example>', 'cab.ünï@mail.bank.example'],
    ['<CA28 odd@mail.bank.example>', 'ca28odd@mail.bank.example'],
    ['<long-\r\n local@partner.example>', 'long-local@partner.example'],
    ['AbC@d.example', 'abc@d.example'],
  ])('%j has the key %j', (text, key) => {
    expect(messageKey(text)).toBe(key);
    expect(messageKey(key)).toBe(key);
  });

  test('an id that lost its brackets keeps what stands behind white space', () => {
    expect(keyOfDisplayed(displayMessageId('<CA28 odd@Mail.bank.example>'))).toBe('ca28odd@mail.bank.example');
  });
});
