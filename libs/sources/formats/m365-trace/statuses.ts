import { KIND } from '../../../trace/event-draft';

/** Still on its way: no event but the reception. */
export const PENDING = -1;

/**
 * What a status of a trace says became of a message; undefined for a word that is not known. `Expanded`: handed on to the members of a group, which
 * have rows of their own. `Filtered as spam`: rejected or blocked, not quarantined (Microsoft, "Message trace in the modern Exchange admin center").
 */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ['delivered', KIND.delivered],
  ['expanded', KIND.relayed],
  ['failed', KIND.bounced],
  ['quarantined', KIND.quarantined],
  ['filteredasspam', KIND.deleted],
  ['pending', PENDING],
  ['gettingstatus', PENDING],
  ['none', PENDING],
  ['unknown', PENDING],
  // events of an enhanced summary, the last one counts
  ['receive', PENDING],
  ['defer', PENDING],
  ['resolve', PENDING],
  ['redirect', PENDING],
  ['deliver', KIND.delivered],
  ['send', KIND.relayed],
  ['sendexternal', KIND.relayed],
  ['expand', KIND.relayed],
  ['fail', KIND.bounced],
  ['drop', KIND.deleted],
  ['spam', KIND.deleted],
  ['quarantine', KIND.quarantined],
]);

/** The kind that a status means, {@link PENDING}, or undefined. Case and blanks do not matter. */
export function kindOfStatus(status: string): number | undefined {
  return STATUSES.get(status.toLowerCase().replace(/[^a-z]/g, ''));
}
