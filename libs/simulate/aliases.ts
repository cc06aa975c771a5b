/** What the gateways know of addresses that are no mailboxes. */
export interface Aliases {
  /** to one other address: `orig_to=` of Postfix */
  readonly single: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

const SINGLE: readonly (readonly [string, string])[] = [
  ['sales@corp.example', 'alice7@corp.example'],
  ['info@corp.example', 'bob3@ny.corp.example'],
  ['support@ldn.corp.example', 'zoe11@ldn.corp.example'],
  ['jobs@ny.corp.example', 'judy5@corp.example'],
];

/** Aliases that leave the fleet: what becomes of this mail is in nobody's log here. */
export const FORWARDS: ReadonlyMap<string, string> = new Map([
  ['carol.home@corp.example', 'carol@home.example'],
  ['consultant@ny.corp.example', 'walter@consulting.example'],
]);
/** A forward to a host that no longer answers. */
export const DEAD_FORWARD = { alias: 'former@corp.example', target: 'former@gone.example' } as const;

const at = (domain: string, ...locals: string[]): string[] => locals.map((local) => `${local}@${domain}`);
const LISTS: readonly (readonly [string, readonly string[]])[] = [
  [
    'board@corp.example',
    ['alice1@corp.example', 'heidi10@corp.example', 'rupert2@ny.corp.example', 'sybil4@ldn.corp.example'],
  ],
  ['all-ldn@ldn.corp.example', at('ldn.corp.example', 'bob1', 'carol2', 'dave3', 'erin4', 'frank5', 'grace6', 'ivan7')],
];

export const POSTFIX_ALIASES: Aliases = { single: new Map(SINGLE), lists: new Map(LISTS) };

/** Those of the mixed fleet: the branch office with mailboxes of its own has some, and a list leads to hosts of every kind. */
export const MIXED_ALIASES: Aliases = {
  single: new Map([
    ...SINGLE,
    ['compta@par.corp.example', 'grace12@par.corp.example'],
    ['aide@par.corp.example', 'zoe4@ny.corp.example'],
  ]),
  lists: new Map([
    ...LISTS,
    ['all-par@par.corp.example', at('par.corp.example', 'bob1', 'carol2', 'dave3', 'erin4')],
    [
      'works@corp.example',
      ['alice1@corp.example', 'heidi10@corp.example', 'ivan9@par.corp.example', 'rupert33@ny.corp.example'],
    ],
  ]),
};

/** What a gateway makes of an envelope recipient: itself, its alias, or the members of a list. */
export function resolveRecipient({ single, lists }: Aliases, address: string): readonly string[] {
  const key = address.toLowerCase();
  if (key === DEAD_FORWARD.alias) return [DEAD_FORWARD.target];
  const other = single.get(key) ?? FORWARDS.get(key);
  return other ? [other] : (lists.get(key) ?? [address]);
}
