import { z } from 'zod';
import { type Source } from '../../source';
import { likenessOf } from './likeness';
import { PostfixParser } from './parser';

const options = z.object({});

/** The log of Postfix as syslog, postlogd, the journal or a shipper wrote it; see README.md beside this file. */
export const postfix: Source<z.infer<typeof options>> = {
  name: 'postfix',
  title: 'Postfix log',
  product: 'postfix',
  framings: ['lines'],
  options,
  looksLike: likenessOf,
  parser: (settings) => new PostfixParser(settings),
};
