import { ascii } from '../../log-text/byte-scan';
import { is } from './fields';

/** What a mailer (sendmail.cf) does with a message, as far as the meaning of `stat=Sent` depends on it. */
export const MAILER = {
  /** one not listed here: its relay tells */
  other: 0,
  /** hands over by SMTP */
  smtp: 1,
  /** what it delivers is in its mailbox, or in the hands of a program */
  mailbox: 2,
  discard: 3,
} as const;

const MAILERS = (
  [
    ['esmtp', MAILER.smtp],
    ['smtp', MAILER.smtp],
    ['relay', MAILER.smtp],
    ['local', MAILER.mailbox],
    ['smtp8', MAILER.smtp],
    ['dsmtp', MAILER.smtp],
    ['prog', MAILER.mailbox],
    ['procmail', MAILER.mailbox],
    ['*file*', MAILER.mailbox],
    ['cyrus', MAILER.mailbox],
    ['cyrusv2', MAILER.mailbox],
    ['lmtp', MAILER.mailbox],
    ['discard', MAILER.discard],
    ['*discard*', MAILER.discard],
  ] as const
).map(([name, mailer]) => ({ name: ascii(name), mailer }));

/** One of {@link MAILER} for the name at [from, to). */
export function mailerOf(bytes: Uint8Array, from: number, to: number): number {
  for (let i = 0; i < MAILERS.length; i++) if (is(bytes, from, to, MAILERS[i].name)) return MAILERS[i].mailer;
  return MAILER.other;
}
