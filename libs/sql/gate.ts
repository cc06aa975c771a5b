import {
  HIDDEN_COLUMNS,
  isRefusedFunction,
  NODE_KINDS,
  OUTPUT_FORMATS,
  STATEMENTS,
  STATEMENTS_IN_WORDS,
  SYNTAX_FUNCTIONS,
  SYSTEM_TABLES,
  TABLE_FUNCTIONS,
} from './policy';
import { SqlError } from './sql-error';
import { syntaxTree, type SyntaxNode } from './syntax-tree';

/** Runs a statement of this program's own and answers its text as it stands (format TSVRaw). */
export type AskEngine = (sql: string) => Promise<string>;

/** A statement that may run. */
export interface Admitted {
  /** as the engine's formatter wrote it, without FORMAT; comments are gone */
  readonly sql: string;
  /** the format that it asked for */
  readonly format: string | undefined;
}

const DENIED = 497;
const READONLY = 164;

/**
 * Decides which statements of a client run (sql-endpoint.md §4): the engine's own formatter and parser say what a statement is, lists say what
 * it may consist of. Which data a statement may see is not decided here, but by the role that it runs with.
 */
export class SqlGate {
  /** @param functions names of the engine's functions and aggregate functions, and of what may follow the latter (`If`, `Array`), in lower case */
  constructor(
    private readonly functions: ReadonlySet<string>,
    private readonly combinators: readonly string[],
    /** database of the documented views */
    private readonly viewsDatabase = 'hoptime',
  ) {}

  /** @param ask a session that knows the statement's parameters. @throws SqlError that says what is allowed */
  async admit(ask: AskEngine, text: string): Promise<Admitted> {
    const sql = (await ask(`SELECT formatQuerySingleLine(${sqlLiteral(text)})`)).replace(/\n$/, '');
    // A name with a line break would begin a line of the tree.
    if (/[\r\n]/.test(sql) || hasBreakInName(sql)) throw denied('names with line breaks are not allowed here');
    // The engine reads the value of a parameter as its type before it answers a tree.
    if (namesState(withoutTexts(sql))) throw noStates();
    const root = syntaxTree(await this.explained(ask, sql));
    if (!root) throw denied('this statement is not understood');
    const format = this.checkStatement(root, sql);
    return { sql: format === undefined ? sql : withoutFormat(sql), format };
  }

  private async explained(ask: AskEngine, sql: string): Promise<string> {
    try {
      return await ask(`EXPLAIN AST ${sql}`);
    } catch (error) {
      // The engine itself refuses SETTINGS at the end of a statement in a session that only reads.
      throw SqlError.of(error).code === READONLY ? noSettings() : error;
    }
  }

  /** Answers the format that the statement asks for. */
  private checkStatement(root: SyntaxNode, sql: string): string | undefined {
    const kind = `${root.kind} ${root.text}`.trim();
    if (!STATEMENTS.some((allowed) => allowed.test(kind)))
      throw denied(`only ${STATEMENTS_IN_WORDS} are allowed here: this endpoint only reads`);
    if (root.kind === 'ShowTables' && !/^SHOW (FULL )?(TABLES|DATABASES|(CHANGED )?SETTINGS)\b/.test(sql))
      throw denied(`only ${STATEMENTS_IN_WORDS} are allowed here`);
    const parts = [...root.children];
    let format: string | undefined;
    if (/ FORMAT (`?)\w+\1$/.test(sql) && parts.at(-1)?.kind === 'Identifier') {
      format = parts.pop()?.text ?? '';
      allowedFormat(format);
    }
    if (root.kind === 'Explain' && parts[0]?.kind === 'Set') parts.shift();
    if (root.kind.startsWith('Exists') || root.kind === 'ShowTables') {
      if (parts.some((part) => part.kind !== 'Identifier'))
        throw denied('this form of the statement is not allowed here');
      const database = root.kind === 'ExistsTableQuery' && parts.length < 2 ? undefined : parts[0]?.text;
      if (database !== undefined) this.checkDatabase(database);
      return format;
    }
    if (root.kind.startsWith('Select') && parts.some((part) => part.kind === 'Literal'))
      throw denied('INTO OUTFILE writes a file: take the answer itself');
    for (const part of parts) this.check(part, root, undefined);
    const hidden = root.kind === 'DescribeQuery' ? [] : hiddenColumns(root);
    if (hidden.length > 0) checkHidden(root, hidden, false);
    return format;
  }

  private check(node: SyntaxNode, parent: SyntaxNode, caller: SyntaxNode | undefined): void {
    if (node.kind === 'Set') throw noSettings();
    if (!NODE_KINDS.has(node.kind)) throw denied(`${wordsFor(node.kind)} is not allowed here`);
    if (node.kind === 'Function') this.checkFunction(node, parent);
    if (node.kind === 'TableIdentifier') this.checkTable(node.text);
    if (node.kind === 'Identifier') checkIdentifier(node.text, caller);
    if (node.kind === 'Literal' && namesState(node.text)) throw noStates();
    const ofFunction = node.kind === 'Function' ? node : undefined;
    for (const child of node.children) {
      this.check(
        child,
        node,
        child.kind === 'ExpressionList' ? ofFunction : node.kind === 'ExpressionList' ? caller : undefined,
      );
    }
  }

  private checkFunction({ text: name, children }: SyntaxNode, parent: SyntaxNode): void {
    if (parent.kind === 'TableExpression') {
      if (/^values$/i.test(name)) checkStructure(children[0]?.children[0]);
      if (TABLE_FUNCTIONS.has(name.toLowerCase())) return;
      throw denied(`table function ${name} is not allowed here: only ${[...TABLE_FUNCTIONS].join(', ')} are`);
    }
    if (isReadonlyQuestion(name, children)) return;
    if (isRefusedFunction(name)) throw denied(`function ${name} is not allowed here`);
    if (!this.isKnown(name))
      throw SqlError.refusal(46, `Function with name \`${name}\` does not exist or is not allowed here`);
    if (/^(_?cast|accuratecast)/i.test(name) && children[0]?.children[1]?.kind !== 'Literal')
      throw denied('the type of a CAST must be a plain text here');
    if (/^arrayreduce/i.test(name)) {
      const aggregate = children[0]?.children[0];
      const called = /^'(\w+)/.exec(aggregate?.text ?? '')?.[1];
      if (aggregate?.kind !== 'Literal' || called === undefined || isRefusedFunction(called))
        throw denied(`${name} takes the name of an allowed aggregate function as a plain text here`);
    }
  }

  private checkDatabase(name: string): void {
    if (name === this.viewsDatabase || SYSTEM_DATABASES.includes(name.toLowerCase())) return;
    throw denied(`only database ${this.viewsDatabase}, and parts of system and information_schema, can be read here`);
  }

  private checkTable(name: string): void {
    const [database, ...table] = name.split('.');
    if (table.length === 0) return;
    this.checkDatabase(database);
    if (database.toLowerCase() === 'system' && !SYSTEM_TABLES.has(table.join('.')))
      throw denied(`table ${name} is not allowed here; of database system: ${[...SYSTEM_TABLES].join(', ')}`);
  }

  private isKnown(name: string): boolean {
    const lower = name.toLowerCase();
    if (this.functions.has(lower) || SYNTAX_FUNCTIONS.has(lower)) return true;
    const combinator = this.combinators.find((ending) => lower.length > ending.length && lower.endsWith(ending));
    return combinator !== undefined && this.isKnown(name.slice(0, -combinator.length));
  }
}

/** `getSetting('readonly')`: what JDBC drivers of 2022 ask when they connect. Tools still bring them. */
function isReadonlyQuestion(name: string, [list]: readonly SyntaxNode[]): boolean {
  return /^getsetting$/i.test(name) && list?.children.length === 1 && list.children[0].text === "'readonly'";
}

const noStates = (): SqlError => denied('states of aggregate functions cannot be made from a text here');

/** Texts and names in quotes, as the formatter writes them; a name is the first group. */
const QUOTED = /'(?:[^'\\]|\\.)*'|`((?:[^`\\]|\\.)*)`/g;

const withoutTexts = (sql: string): string =>
  sql.replace(QUOTED, (all, name?: string) => (name === undefined ? "''" : all));

/** Whether a text may name the type of a state: the engine takes comments and backquotes between the name and its parenthesis. */
function namesState(text: string): boolean {
  const at = text.toLowerCase().indexOf('aggregatefunction');
  return at >= 0 && text.includes('(', at);
}

/** `values` takes the text of its structure first, and computes that text where it is an expression. */
function checkStructure(first: SyntaxNode | undefined): void {
  if (
    !first ||
    first.kind === 'Literal' ||
    (first.kind === 'Function' && /^(tuple|array|map|negate)$/i.test(first.text))
  )
    return;
  throw denied('the structure of values must be a plain text here');
}

const denied = (sentence: string): SqlError => SqlError.refusal(DENIED, sentence);

const noSettings = (): SqlError =>
  SqlError.refusal(READONLY, 'SETTINGS are not allowed in a statement here: send settings beside the query');

/** @throws SqlError for a name that is none of {@link OUTPUT_FORMATS} */
export function allowedFormat(name: string): void {
  if (OUTPUT_FORMATS.has(name)) return;
  const some = 'CSVWithNames, TSV, JSON, JSONEachRow, Markdown, Vertical, Arrow, Parquet, Native, RowBinary';
  throw SqlError.refusal(
    73,
    `Unknown format ${name}, or one that is not allowed here; ${some} and others of docs/sql.md are`,
  );
}

/** A text as a string literal of SQL. */
export function sqlLiteral(text: string): string {
  return `'${text.replace(/[\\'\0]/g, (character) => (character === '\0' ? '\\0' : `\\${character}`))}'`;
}

const SYSTEM_DATABASES = ['system', 'information_schema'];

/** A bare name may stand for a table (right of IN) or for a function (`arrayMap(file, …)`). */
function checkIdentifier(name: string, caller: SyntaxNode | undefined): void {
  const [first, ...rest] = name.split('.');
  if (rest.length > 0 && /^(default|hoptime_store|_temporary_and_external_tables)$/i.test(first))
    throw denied(`database ${first} cannot be read here`);
  // JDBC drivers write columns as system.tables.name; a name of two parts may be a table.
  const isColumnOfOpenTable = rest.length > 1 && SYSTEM_TABLES.has(rest[0]);
  if (rest.length > 0 && /^system$/i.test(first) && !isColumnOfOpenTable)
    throw denied('a table of database system must stand after FROM here');
  // Higher-order functions have longer names than what makes an array, a map, or a tuple.
  const takesFunctions = caller !== undefined && /^(array|map|tuple)\w+/i.test(caller.text);
  if (isRefusedFunction(name) && (takesFunctions || !COLUMN_NAMES.has(name)))
    throw denied(`function ${name} is not allowed here`);
}

/** Names of refused functions that are columns of the views. */
const COLUMN_NAMES: ReadonlySet<string> = new Set(['file']);

/** Tables of a tree that have hidden columns. */
function hiddenColumns(node: SyntaxNode): readonly string[] {
  const own = node.kind === 'TableIdentifier' ? (HIDDEN_COLUMNS.get(node.text.toLowerCase()) ?? []) : [];
  return [...own, ...node.children.flatMap(hiddenColumns)];
}

/**
 * Where a table with hidden columns is read, none of them may be named anywhere, and all columns may not be asked for beside it.
 * @param beside the node stands in the SELECT that reads such a table, not in another one within
 */
function checkHidden(node: SyntaxNode, hidden: readonly string[], beside: boolean): void {
  const isOfQualified = /^Qualified/.test(node.kind);
  if (/(Asterisk|Matcher)$/.test(node.kind) && (beside || isOfQualified))
    throw denied('name the columns: some of this table are not shown here');
  const parts = node.text.toLowerCase().split('.');
  if (node.kind === 'Identifier' && parts.some((part) => hidden.includes(part)))
    throw denied(`column ${node.text} is not shown here`);
  const within = node.kind === 'SelectQuery' ? readsHidden(node) : beside;
  const isCount = node.kind === 'Function' && /^count(if)?$/i.test(node.text);
  for (const child of node.children) {
    const isCountOfAll = isCount && child.children.length === 1 && child.children[0].kind === 'Asterisk';
    if (!isCountOfAll) checkHidden(child, hidden, within);
  }
}

/** Whether a table with hidden columns stands in the FROM of this SELECT itself. */
function readsHidden(select: SyntaxNode): boolean {
  const search = (node: SyntaxNode): boolean =>
    node.kind !== 'Subquery' && (hiddenColumns({ ...node, children: [] }).length > 0 || node.children.some(search));
  return select.children.some(search);
}

/** Whether a quoted name has an escaped line break: as the formatter writes names, in backquotes. */
function hasBreakInName(sql: string): boolean {
  return [...sql.matchAll(QUOTED)].some(([, name]) => name !== undefined && /\\[nr]/.test(name.replaceAll('\\\\', '')));
}

const withoutFormat = (sql: string): string => sql.replace(/ FORMAT (`?)\w+\1$/, '');

function wordsFor(kind: string): string {
  return kind === 'ColumnsApplyTransformer' ? 'APPLY' : kind;
}
