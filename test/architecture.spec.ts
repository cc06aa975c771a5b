import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { CONFIG_NAMES } from '../libs/config/config-values';

/** The rules that the tree stands on (ARCHITECTURE.md): each is checked against the files, so that it stays true. */
const ROOT = resolve(__dirname, '..');

/** Libs import only from groups to their left; apps are the last group. */
const LAYERS: readonly (readonly string[])[] = [
  ['config'],
  ['trace', 'sql-wire'],
  ['sources', 'bus', 'store'],
  ['ingest', 'delay', 'diagnose', 'simulate', 'sql', 'access'],
  ['live', 'collect', 'report', 'privacy'],
  ['http'],
  ['worker'],
];

const OWN_FOLDERS = ['apps', 'libs', 'test', 'bench', 'docker', '.ci'];
const FORBIDDEN_NAME = /(^|[-_.])(utils?|helpers?|managers?|common)([-_.]|$)/i;

function pathsUnder(folder: string): string[] {
  const absolute = join(ROOT, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .map((entry) => ({ path: relative(ROOT, join(entry.parentPath, entry.name)), directory: entry.isDirectory() }))
    .filter(
      ({ path }) => !path.split(sep).some((part) => part === 'node_modules' || part === 'dist' || part === 'inputs'),
    )
    .map(({ path, directory }) => (directory ? path + sep : path));
}

const everything = OWN_FOLDERS.flatMap(pathsUnder);
const files = everything.filter((path) => !path.endsWith(sep));
const typescript = files.filter((path) => path.endsWith('.ts'));
const product = typescript.filter((path) => /^(apps|libs)\//.test(path) && !/\.(spec|fixture)\.ts$/.test(path));
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The part of the tree that a file belongs to: `libs/trace`, `apps/cli`. */
const partOf = (path: string): string => path.split(sep).slice(0, 2).join('/');

function layerOf(part: string): number {
  if (part.startsWith('apps/')) return LAYERS.length;
  return LAYERS.findIndex((group) => group.includes(part.slice('libs/'.length)));
}

/** What a file imports from elsewhere in the tree, as paths from the root. */
function relativeImports(path: string): string[] {
  return ts
    .preProcessFile(text(path), true, true)
    .importedFiles.map((file) => file.fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(ROOT, resolve(ROOT, dirname(path), name)));
}

/** The statements in SQL text, comments and string contents left out. */
function statementsIn(sql: string): string[] {
  const bare = sql.replace(/'(?:[^'\\]|\\.|'')*'|`[^`]*`|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('--') || part.startsWith('/*') ? ' ' : 'x',
  );
  return bare.split(';').filter((statement) => statement.trim() !== '');
}

describe('architecture', () => {
  it('has files to check', () => {
    expect(product.length).toBeGreaterThan(0);
    expect(product.flatMap(relativeImports).length).toBeGreaterThan(0);
  });

  it('gives every lib a place in the import direction', () => {
    const parts = [...new Set(product.map(partOf))];
    expect(parts.filter((part) => layerOf(part) < 0)).toEqual([]);
  });

  it('imports only to the left: config ← (trace, sql-wire) ← (sources, bus, store) ← (ingest, delay, diagnose, simulate, sql, access) ← (live, collect, report, privacy) ← http ← worker ← apps', () => {
    const wrong = product.flatMap((path) =>
      relativeImports(path)
        .filter((target) => partOf(target) !== partOf(path))
        .filter((target) => !/^(apps|libs)\//.test(target) || layerOf(partOf(target)) >= layerOf(partOf(path)))
        .map((target) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('imports its own code by relative path, never by alias', () => {
    const aliases = product.flatMap((path) =>
      ts
        .preProcessFile(text(path), true, true)
        .importedFiles.map((file) => file.fileName)
        .filter((name) => /^(@hoptime|@app|@lib|libs|apps|src|~)(\/|$)/.test(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(aliases).toEqual([]);
  });

  it('has no TypeScript file over 400 lines', () => {
    const long = typescript.filter((path) => text(path).trimEnd().split('\n').length > 400);
    expect(long).toEqual([]);
  });

  it('has no file or folder named utils, helper, manager or common', () => {
    expect(everything.filter((path) => FORBIDDEN_NAME.test(basename(path)))).toEqual([]);
  });

  it('has an index, a README, a spec and fixtures in every format folder', () => {
    const formats = [...new Set(everything.filter((path) => /^libs\/sources\/formats\/[^/]+\/$/.test(path)))];
    expect(formats.length).toBeGreaterThan(0);
    const missing = formats.flatMap((folder) => {
      const inside = files.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));
      const need: [string, (path: string) => boolean][] = [
        ['index.ts', (path) => path === 'index.ts'],
        ['README.md', (path) => path === 'README.md'],
        ['a *.spec.ts', (path) => path.endsWith('.spec.ts')],
        ['fixtures/', (path) => path.startsWith('fixtures/')],
      ];
      return need.filter(([, is]) => !inside.some(is)).map(([what]) => `${folder} lacks ${what}`);
    });
    expect(missing).toEqual([]);
  });

  it('keeps one statement in every .sql file of the store, and no two numbers alike among migrations', () => {
    const sql = files.filter((path) => path.startsWith('libs/store/sql/') && path.endsWith('.sql'));
    expect(sql.length).toBeGreaterThan(0);
    const wrong = sql.map((path) => ({ path, statements: statementsIn(text(path)).length }));
    expect(wrong.filter(({ statements }) => statements !== 1)).toEqual([]);
    const numbers = sql.filter((path) => path.includes('/migrations/')).map((path) => basename(path).slice(0, 4));
    expect(numbers.filter((number, i) => numbers.indexOf(number) !== i)).toEqual([]);
  });

  it('reads process.env in libs/config only', () => {
    const readers = product.filter((path) => /process\s*(\.|\?\.)\s*env\b|process\[['"]env/.test(text(path)));
    expect(readers.filter((path) => partOf(path) !== 'libs/config')).toEqual([]);
  });

  it('names every command in the README, with its options in docs/commands.md, and every value in docs/configuration.md', () => {
    const readme = text('README.md');
    const table = text('docs/commands.md');
    const module = text('apps/cli/app.module.ts');
    const commands = files
      .filter((path) => /^apps\/cli\/commands\/.*\.command\.ts$/.test(path))
      .map((path) => ({
        path,
        names: [...text(path).matchAll(/@Command\(\{\s*name: '([^']+)'/g)].map(([, name]) => name),
      }));
    expect(commands.filter(({ names }) => names.length !== 1)).toEqual([]);
    const isSaid = ({ names: [name] }: (typeof commands)[number]): boolean =>
      new RegExp(`^\\| \`${name}[ \`]`, 'm').test(table) && readme.includes(`\`${name}\``);
    const unsaid = commands.filter((command) => !isSaid(command));
    expect(unsaid).toEqual([]);
    // one that is not in the module is dead code; one under another name would load all others with it
    const loaded = ({ path, names: [name] }: (typeof commands)[number]): string =>
      `  ${name}: async () => (await import('./commands/${basename(path, '.ts')}.js'))`;
    expect(commands.filter((command) => !module.includes(loaded(command)))).toEqual([]);
    const values = text('docs/configuration.md');
    expect(CONFIG_NAMES.filter((name) => !new RegExp(`^\\| \`${name}\``, 'm').test(values))).toEqual([]);
  });

  it('has documents whose links lead to files and headings that are there', () => {
    const documents = [...files, ...pathsUnder('docs'), ...readdirSync(ROOT)].filter((path) => path.endsWith('.md'));
    const headings = (path: string): string[] =>
      [...text(path).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
        title
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, '')
          .replaceAll(' ', '-'),
      );
    const links = documents.flatMap((document) =>
      [...text(document).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([, path, heading]) => ({
        document,
        path: path === '' ? document : join(dirname(document), path),
        heading,
      })),
    );
    expect(links.length).toBeGreaterThan(50);
    const leadsNowhere = ({ path, heading }: (typeof links)[number]): boolean =>
      !existsSync(join(ROOT, path)) || (heading !== undefined && !headings(path).includes(heading));
    expect(links.filter(leadsNowhere)).toEqual([]);
  });

  it('counts SQL statements without being misled by strings and comments', () => {
    expect(statementsIn("SELECT ';' -- one; only\nFROM t /* ; */;\n").length).toBe(1);
    expect(statementsIn('SELECT 1; SELECT 2').length).toBe(2);
    expect(statementsIn('-- nothing\n').length).toBe(0);
  });

  it('is right about forbidden names', () => {
    expect(
      ['string-utils.ts', 'helpers', 'queue.manager.ts', 'common'].every((name) => FORBIDDEN_NAME.test(name)),
    ).toBe(true);
    expect(['commonplace.ts', 'queue-id.ts', 'utilisation.sql'].some((name) => FORBIDDEN_NAME.test(name))).toBe(false);
  });
});
