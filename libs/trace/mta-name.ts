/** Names of MTAs (delay model §4.5). */

const labelOf = (name: string): string => name.split('.', 1)[0];

/**
 * Which names mean the same MTA: equal ones; and one that is the other's first label, when no second MTA shares that label. An MTA may be
 * known by both (its log says `mx1`, a trace header `mx1.corp.example`): a bare label and one full name are one MTA.
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
    const full = new Map<string, number>();
    for (const name of this.names)
      full.set(labelOf(name), (full.get(labelOf(name)) ?? 0) + (name.includes('.') ? 1 : 0));
    this.unique = new Set([...full].filter(([, n]) => n <= 1).map(([label]) => label));
    this.bare = this.names.filter((name) => !name.includes('.') && this.unique.has(name));
    this.labels = this.names.filter((name) => name.includes('.') && this.unique.has(labelOf(name))).map(labelOf);
  }

  /** Does `name` mean any MTA whose log (or trace header) we have? */
  knows(name: string): boolean {
    return name !== '' && this.names.some((mta) => this.means(name, mta));
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
