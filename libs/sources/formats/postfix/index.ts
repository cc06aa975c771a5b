import { z } from 'zod';
import { type Source } from '../../source';
import { likenessOf } from './likeness';
import { PostfixParser } from './parser';

/** The log of Postfix as syslog, postlogd, the journal or a shipper wrote it; see README.md beside this file. */
export const postfix: Source = {
  name: 'postfix',
  title: 'Postfix log',
  product: 'postfix',
  framings: ['lines'],
  options: z.object({}),
  looksLike: likenessOf,
  parser: (settings) => new PostfixParser(settings),
};
