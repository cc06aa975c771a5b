import type { IssuedNote, ReportDocument } from '../report-document';
import { namelessExceptions, namelessSlowest } from './evidence';
import type { Changes, FigureValue } from './manifest';

const MOST_CHANGES = 1000;

/** What the JSON of an issued report holds besides the report: all that its pages show. */
export type IssuedJson = ReportDocument['report'] & {
  issued?: IssuedNote;
  pages: Pick<ReportDocument, 'distribution' | 'months' | 'domains' | 'exceptions' | 'method'> & {
    over_time: ReportDocument['overTime'];
  };
};

/** The JSON of a report that is issued: the report of interfaces.md §3, and all that its pages show besides. */
export function issuedJson({ report, issued, overTime, ...pages }: ReportDocument): IssuedJson {
  const { distribution, months, domains, exceptions, method } = pages;
  return { ...report, issued, pages: { distribution, over_time: overTime, months, domains, exceptions, method } };
}

/** Lists whose items have names of their own, so that one item more does not move all others. */
const NAMED: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^hops$/, ['mta']],
  [/^(timeline|pages\.months)$/, ['at', 'segment']],
  [/^sla$/, ['clause', 'period']],
  [/^pareto(\..+)?\.causes$/, ['verdict']],
  [/^pareto\.months$/, ['at']],
  [/^pareto\.domains$/, ['recipient_domain']],
  [/^pages\.(distribution|over_time)\.cells$/, ['at_ms', 'segment', 'bucket']],
  [/^pages\.domains$/, ['value']],
];
/** Members that are no figures: who made the report, when, with what; and the borders of all histograms. */
const NO_FIGURES = /^(generated_at|version|issued|pages\.method|pages\.\w+\.buckets)$/;

/** Every figure of a report by its place in the JSON: `segments.hes.p95_ms`, `hops[mx1].p50_ms`. Null is a value: not known. No person is named. */
export function figuresOf(json: IssuedJson): Map<string, FigureValue> {
  const found = new Map<string, FigureValue>();
  const walk = (value: unknown, path: string): void => {
    if (value === undefined || NO_FIGURES.test(path)) return;
    if (typeof value !== 'object' || value === null) found.set(path, value as FigureValue);
    else if (Array.isArray(value)) for (const [name, item] of named(value, path)) walk(item, `${path}[${name}]`);
    else for (const [name, part] of Object.entries(value)) walk(part, path === '' ? name : `${path}.${name}`);
  };
  const pages = { ...json.pages, exceptions: namelessExceptions(json.pages.exceptions) };
  walk({ ...json, slowest: namelessSlowest(json.slowest), pages }, '');
  return found;
}

/** The items of a list, each under a name that no other has. */
function named(items: readonly unknown[], path: string): Map<string, unknown> {
  const keys = NAMED.find(([form]) => form.test(path))?.[1];
  const all = new Map<string, unknown>();
  items.forEach((item, index) => {
    const name = keys?.map((key) => String((item as Record<string, unknown>)[key] ?? 'unknown')).join(' ');
    all.set(name === undefined || all.has(name) ? String(index) : name, item);
  });
  return all;
}

/** Figures that differ, in the order of the report; one that is not there any more, or was not there before, is null. */
export function differingFigures(
  before: ReadonlyMap<string, FigureValue>,
  after: ReadonlyMap<string, FigureValue>,
): Changes['figures'] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .filter((name) => before.has(name) !== after.has(name) || before.get(name) !== after.get(name))
    .map((figure) => ({ figure, before: before.get(figure) ?? null, after: after.get(figure) ?? null }));
}

/**
 * Figures that a newer program computes and the one that issued the report did not know: none of the same form, whatever item of a list it is of,
 * is among those issued.
 */
export function figuresOfNewer(
  issued: ReadonlyMap<string, FigureValue>,
  computed: ReadonlyMap<string, FigureValue>,
): Set<string> {
  const form = (name: string): string => name.replace(/\[[^\]]*\]/g, '[]');
  const known = new Set([...issued.keys()].map(form));
  return new Set([...computed.keys()].filter((name) => !issued.has(name) && !known.has(form(name))));
}

/** A list of changes as it is kept: the first thousand. */
export const shownFigures = (all: Changes['figures']): Pick<Changes, 'figures' | 'more_figures'> => ({
  figures: all.slice(0, MOST_CHANGES),
  more_figures: Math.max(0, all.length - MOST_CHANGES),
});
