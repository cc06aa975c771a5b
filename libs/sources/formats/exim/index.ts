import { z } from 'zod';
import { lineLikeness } from '../../log-text/likeness';
import { type Source } from '../../source';
import { SKIP } from './outcomes';
import { EximParser } from './parser';

/** The main log of Exim, as it writes it itself or through syslog; see README.md beside this file. */
export const exim: Source = {
  name: 'exim',
  title: 'Exim main log',
  product: 'exim',
  framings: ['lines'],
  options: z.object({}),
  looksLike: lineLikeness(
    'Exim',
    (settings) => new EximParser(settings),
    [SKIP.empty, SKIP.comment],
    [SKIP.notExim, SKIP.continuation, SKIP.noMessage],
  ),
  parser: (settings) => new EximParser(settings),
};
