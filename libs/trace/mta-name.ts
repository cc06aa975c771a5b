/** Names of MTAs (delay model §4.5). */

const labelOf = (name: string): string => name.split('.', 1)[0];

/**
 * Which names mean the same MTA: equal ones; and one that is the other's first label, when no second MTA shares that label.
 */
export class MtaNames {
  /** names as the logs give them, lower case */
  readonly names: readonly string[];
  /** MTAs known by a bare label that no other MTA shares */
  readonly bare: readonly string[];
  /** first labels of MTAs known by a full name, that no other MTA shares */
  readonly labels: readonly string[];
  private readonly known: Set<string>;
  private readonly unique: Set<string>;

  constructor(names: Iterable<string>) {
    this.known = new Set(names);
    this.names = [...this.known].sort();
    const count = new Map<string, number>();
    for (const name of this.names) count.set(labelOf(name), (count.get(labelOf(name)) ?? 0) + 1);
    this.unique = new Set([...count].filter(([, n]) => n === 1).map(([label]) => label));
    this.bare = this.names.filter((name) => !name.includes('.') && this.unique.has(name));
    this.labels = this.names.filter((name) => name.includes('.') && this.unique.has(labelOf(name))).map(labelOf);
  }

  /** Does `name`, seen in a reply, a relay or a client, mean the MTA that calls itself `mta`? '' means nobody. */
  means(name: string, mta: string): boolean {
    if (name === '' || mta === '') return false;
    if (name === mta) return true;
    const label = labelOf(name);
    if (label !== labelOf(mta) || !this.unique.has(label)) return false;
    return label === name || label === mta;
  }
}
