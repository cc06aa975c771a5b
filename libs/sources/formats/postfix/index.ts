import { z } from 'zod';
import { lineLikeness } from '../../log-text/likeness';
import { type Source } from '../../source';
import { SKIP } from './outcomes';
import { PostfixParser } from './parser';

/** The log of Postfix as syslog, postlogd, the journal or a shipper wrote it; see README.md beside this file. */
export const postfix: Source = {
  name: 'postfix',
  title: 'Postfix log',
  product: 'postfix',
  framings: ['lines'],
  options: z.object({}),
  looksLike: lineLikeness(
    'Postfix',
    (settings) => new PostfixParser(settings),
    [SKIP.empty, SKIP.comment],
    [SKIP.notPostfix],
  ),
  parser: (settings) => new PostfixParser(settings),
};
