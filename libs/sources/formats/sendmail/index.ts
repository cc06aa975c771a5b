import { z } from 'zod';
import { lineLikeness } from '../../log-text/likeness';
import { type Source } from '../../source';
import { SKIP } from './outcomes';
import { SendmailParser } from './parser';

/** The log of Sendmail as syslog wrote it; see README.md beside this file. */
export const sendmail: Source = {
  name: 'sendmail',
  title: 'Sendmail log',
  product: 'sendmail',
  framings: ['lines'],
  options: z.object({}),
  looksLike: lineLikeness(
    'Sendmail',
    (settings) => new SendmailParser(settings),
    [SKIP.empty, SKIP.comment],
    [SKIP.notSendmail],
  ),
  parser: (settings) => new SendmailParser(settings),
};
