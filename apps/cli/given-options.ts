import type { FilterOptions } from './filtered.command';

const FLAGS: readonly [keyof FilterOptions, string][] = [
  ['from', '--from'],
  ['to', '--to'],
  ['tz', '--tz'],
  ['recipientDomain', '--recipient-domain'],
  ['senderDomain', '--sender-domain'],
  ['mta', '--mta'],
  ['direction', '--direction'],
  ['state', '--state'],
  ['viaHes', '--via-hes'],
  ['storeUrl', '--store-url'],
];

/** The options of a command as words of a command line, for the next command that a report suggests. Its own verdict filter is left out. */
export function givenOptions(options: FilterOptions): string[] {
  return FLAGS.flatMap(([name, flag]) => {
    const value = options[name];
    if (value === undefined || (name === 'tz' && value === 'UTC')) return [];
    return [value].flat().flatMap((text) => [flag, text]);
  });
}
