import fc from 'fast-check';
import { readReply } from '../../trace/smtp-reply';
import { plainReply } from './plain-reply';

const says = (text: string): { enhancedStatus: string; nextQueueId: string } | undefined => {
  const bytes = Buffer.from(` ${text} x`);
  const [from, to] = [1, bytes.length - 2];
  const plain = plainReply(bytes, from, to);
  return (
    plain && {
      enhancedStatus: bytes.toString('utf8', plain.status, plain.statusEnd),
      nextQueueId: bytes.toString('utf8', plain.queueId, to),
    }
  );
};

test('takes the reply of Postfix', () => {
  expect(says('250 2.0.0 Ok: queued as 4fPq1x0Zk3z1Tn')).toEqual({
    enhancedStatus: '2.0.0',
    nextQueueId: '4fPq1x0Zk3z1Tn',
  });
});

test('says what readReply says of whatever it takes', () => {
  const part = fc.constantFrom(
    '250',
    '450',
    '2.0.0',
    '4.7.1',
    '2.1.5555',
    'Ok:',
    'queued as',
    'queued',
    'as',
    '3CBEFC0811',
    'abcdef',
    'AB1',
    '(x',
    'Ok:queued as',
  );
  let taken = 0;
  const reply = fc.oneof(
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join(' ')),
    fc.tuple(part, part, part).map(([a, b, c]) => `250 2.0.0 ${a} ${b} queued as ${c}`),
  );
  fc.assert(
    fc.property(reply, (text) => {
      const plain = says(text);
      if (!plain) return;
      taken++;
      const { enhancedStatus, nextQueueId } = readReply(text);
      expect(plain).toEqual({ enhancedStatus, nextQueueId });
    }),
    { numRuns: 2000 },
  );
  expect(taken).toBeGreaterThan(30);
});
