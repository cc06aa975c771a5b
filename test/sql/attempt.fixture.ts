/** What an attempt tries to bring about, and how that is seen. */
export type Effect =
  /** the answer shows a text that must not leave */
  | { readonly shows: string }
  /** a file is made at OUT */
  | { readonly writes: true }
  /** a request comes in at the listening port */
  | { readonly connects: true }
  /** what this statement answers is another afterwards */
  | { readonly changes: string }
  /** the same, in the session of the attempt */
  | { readonly remembers: string }
  /** seconds pass */
  | { readonly waits: true };

export interface Attempt {
  readonly category: string;
  readonly sql: string;
  readonly effect: Effect;
  /** sent beside the statement */
  readonly settings?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What attempts are made of: places that the specification prepares. */
export interface Target {
  /** file that holds `canary` as its only line */
  readonly file: string;
  /** CSV file, with its ending, that holds it */
  readonly csv: string;
  /** folder of both */
  readonly folder: string;
  readonly canary: string;
  /** path where a file may be made */
  readonly out: string;
  /** URL whose answer is `canary` */
  readonly url: string;
  readonly host: string;
  /** folder of the store */
  readonly store: string;
}

/** Text as a SQL literal. */
export const text = (value: string): string => `'${value.replace(/[\\']/g, '\\$&')}'`;

/** Collects attempts of one category and effect. */
export class Attempts {
  readonly all: Attempt[] = [];

  readonly add = (category: string, effect: Effect, ...statements: string[]): void => {
    for (const sql of statements) this.all.push({ category, sql, effect });
  };
}
