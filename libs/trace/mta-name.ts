import { NO_ALIASES, type MtaAliases } from './mta-aliases';

/** Names of MTAs (delay model §4.5). */

const labelOf = (name: string): string => name.split('.', 1)[0];

/**
 * Which names mean the same MTA: equal ones; and one that is the other's first label, when no second MTA shares that label. An MTA may be
 * known by both (its log says `mx1`, a trace header `mx1.corp.example`): a bare label and one full name are one MTA. Where an alias file
 * names both, it alone decides.
 */
export class MtaNames {
  /** names as the logs give them, and what else the alias file calls those MTAs; lower case */
  readonly names: readonly string[];
  /** MTAs known by a bare label that no other MTA shares */
  readonly bare: readonly string[];
  /** first labels of MTAs known by a full name, that no other MTA shares */
  readonly labels: readonly string[];
  private readonly mtas: Set<string>;
  private readonly unique: Set<string>;
  private readonly byLabel: ReadonlyMap<string, readonly string[]>;
  private readonly namesOfOne: ReadonlyMap<string, readonly string[]>;

  constructor(
    names: Iterable<string>,
    private readonly aliases: MtaAliases = NO_ALIASES,
  ) {
    this.namesOfOne = grouped(aliases.keys(), (name) => this.mtaOf(name));
    const own = [...new Set(names)];
    this.mtas = new Set(own.map((name) => this.mtaOf(name)));
    this.names = [...new Set(own.flatMap((name) => [name, ...this.namesOf(name)]))].sort();
    this.byLabel = grouped(this.names, labelOf);
    const shared = ([, alike]: [string, readonly string[]]): boolean =>
      new Set(alike.filter(isFull).map((name) => this.mtaOf(name))).size > 1;
    this.unique = new Set([...this.byLabel].filter((entry) => !shared(entry)).map(([label]) => label));
    const alone = this.names.filter((name) => this.unique.has(labelOf(name)));
    this.bare = alone.filter((name) => !isFull(name));
    this.labels = [...new Set(alone.filter(isFull).map(labelOf))];
  }

  /** Does `name` mean any MTA whose log (or trace header) we have? */
  knows(name: string): boolean {
    if (name === '') return false;
    if (this.mtas.has(this.mtaOf(name))) return true;
    return this.namesOf(name).some((one) => {
      const label = labelOf(one);
      return this.unique.has(label) && this.byLabel.get(label)?.some((mta) => this.means(name, mta)) === true;
    });
  }

  /** Does `name`, seen in a reply, a relay or a client, mean the MTA that calls itself `mta`? '' means nobody. */
  means(name: string, mta: string): boolean {
    if (name === '' || mta === '') return false;
    if (name === mta || this.mtaOf(name) === this.mtaOf(mta)) return true;
    if (this.aliases.size === 0) return this.shareLabel(name, mta);
    if (this.aliases.has(name) && this.aliases.has(mta)) return false;
    return this.namesOf(name).some((one) => this.namesOf(mta).some((other) => this.shareLabel(one, other)));
  }

  private shareLabel(name: string, mta: string): boolean {
    const label = labelOf(name);
    if (label !== labelOf(mta) || !this.unique.has(label)) return false;
    return label === name || label === mta;
  }

  private mtaOf(name: string): string {
    return this.aliases.get(name) ?? name;
  }

  private namesOf(name: string): readonly string[] {
    return this.namesOfOne.get(this.mtaOf(name)) ?? [name];
  }
}

const isFull = (name: string): boolean => name.includes('.');

function grouped(names: Iterable<string>, keyOf: (name: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const group = groups.get(keyOf(name));
    if (group) group.push(name);
    else groups.set(keyOf(name), [name]);
  }
  return groups;
}
