import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_NAMES, CONFIG_VALUES } from '../libs/config/config-values';
import { packageRoot } from '../libs/config/package-root';

/** What documents say of the tree and the program, as far as a machine can hold it against them: they drifted for days unseen. */
const ROOT = packageRoot();
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const pathsUnder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(ROOT.length + 1));

const TREE = ['apps', 'libs', 'test', 'bench', 'docker', 'docs'].flatMap(pathsUnder).concat(readdirSync(ROOT));
const DOCUMENTS = TREE.filter((path) => /\.md$/.test(path) && !/^test\/scenarios\/.+\/|^CHANGELOG/.test(path));
const SOURCES = TREE.filter((path) => /\.(ts|tsx|sql)$/.test(path) && !/\.spec\.ts$|^test\//.test(path))
  .map(text)
  .join('\n');

/** What stands in backquotes, of every document. */
const said = DOCUMENTS.flatMap((document) =>
  [...text(document).matchAll(/```[\s\S]*?```|`([^`\n]+)`/g)]
    .filter(([, words]) => words !== undefined)
    .map(([, words]) => ({ document, words })),
);

/** Files of users, of other programs, and of the design folder beside the repository. */
const ELSEWHERE =
  /^(FILE\.manifest\.json|\.expected\.json|config\.xml|truth\.json|main\.cf|(architecture|delay-model|formats|storage)\.md|\/api\/openapi\.json)$/;

it('has no marks of a merge that was not finished', () => {
  const marked = TREE.filter((path) => /\.(md|ya?ml|env\.example)$/.test(path)).filter((path) =>
    /^(<{7}|>{7}) /m.test(text(path)),
  );
  expect(marked).toEqual([]);
});

it('names files that are there', () => {
  const named = said.filter(
    ({ words }) =>
      /^[\w./-]+\.(ts|tsx|sql|mjs|cjs|md|yml|yaml|xml|json|py|eml|log)$/.test(words) && !ELSEWHERE.test(words),
  );
  expect(named.length).toBeGreaterThan(150);
  // ranges of names such as `add_*.sql` are none, and a file may be named by the end of its path
  const isThere = (words: string): boolean => TREE.some((path) => path === words || path.endsWith(`/${words}`));
  expect(named.filter(({ words }) => !isThere(words))).toEqual([]);
  const folders = said.filter(({ words }) => /^(apps|libs|test|bench|docker|docs)\/[\w/-]+\/?$/.test(words));
  expect(folders.filter(({ words }) => !existsSync(join(ROOT, words)))).toEqual([]);
});

it('names metrics that the program has', () => {
  const metrics = said.filter(({ words }) => /^hoptime_[a-z_]+$/.test(words) && !words.endsWith('_'));
  expect(metrics.length).toBeGreaterThan(30);
  // databases and roles are in the sources as well; those of the mail are made with their beginning put before
  const isThere = (words: string): boolean =>
    new RegExp(`\\b${words}\\b`).test(SOURCES) || SOURCES.includes(`'${words.replace(/^hoptime_mail_/, '')}'`);
  expect(metrics.filter(({ words }) => !isThere(words))).toEqual([]);
});

it('names routes that the API has', () => {
  const { paths } = JSON.parse(text('apps/api/openapi.json')) as { paths: Record<string, unknown> };
  const routes = Object.keys(paths).map((path) => path.replace(/\{\w+\}/g, '{}'));
  const asked = said
    .map(({ document, words }) => ({ document, route: /^(?:GET |POST )?(\/[a-z][\w/{}-]+)/.exec(words)?.[1] }))
    .filter(({ route }) => /^\/(api\/v1|delays|clocks|journeys|health|metrics|auth)\//.test(`${route ?? ''}/`))
    .map(({ document, route = '' }) => ({ document, route: route.replace(/\{\w+\}/g, '{}').replace(/\/$/, '') }))
    // Trend's own, and the root of ours
    .filter(({ route }) => route !== '/api/v1' && route !== '/api/v1/log/mailtrackinglog' && route !== '/auth');
  expect(asked.length).toBeGreaterThan(20);
  const isThere = (route: string): boolean => routes.includes(route) || routes.includes(`/api/v1${route}`);
  expect(asked.filter(({ route }) => !isThere(route))).toEqual([]);
});

it('shows options that commands have', () => {
  const options = new Set(
    [...SOURCES.matchAll(/['"`\s](--[a-z][a-z-]+)/g)]
      .map(([, option]) => option)
      .concat(CONFIG_NAMES.map((name) => `--${name.toLowerCase().replaceAll('_', '-')}`)),
  );
  const pasted = DOCUMENTS.flatMap((document) =>
    [...text(document).matchAll(/(?:^|`)[^\n`]*\bhoptime ([a-z]+ [^\n`#]*)/gm)]
      .filter(([line]) => !/docker|kafka-topics/.test(line))
      .flatMap(([, line]) => [...line.matchAll(/(?<!\S)--[a-z][a-z-]+/g)].map(([option]) => ({ document, option }))),
  );
  expect(pasted.length).toBeGreaterThan(60);
  expect(pasted.filter(({ option }) => !options.has(option))).toEqual([]);
});

it('tells the default of every value of the configuration', () => {
  const rows = new Map(
    [...text('docs/configuration.md').matchAll(/^\| `([A-Z_]+)` \| (.*?) \|/gm)].map(([, name, initial]) => [
      name,
      initial,
    ]),
  );
  expect([...rows.keys()].sort()).toEqual([...CONFIG_NAMES].sort());
  const told = ({ initial }: { initial: string }): string => (initial === '' ? '–' : `\`${initial}\``);
  // empty means: as another value
  const expected = new Map(CONFIG_NAMES.map((name) => [name as string, told(CONFIG_VALUES[name])])).set(
    'OIDC_AUDIENCE',
    'client id',
  );
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(expected));
});
