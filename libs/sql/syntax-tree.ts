/** A node of what `EXPLAIN AST` prints. */
export interface SyntaxNode {
  /** first word of its line: `Function`, `Identifier`, … */
  readonly kind: string;
  /** what follows, without alias and number of children: a name, a literal */
  readonly text: string;
  readonly children: SyntaxNode[];
}

/**
 * The tree that `EXPLAIN AST` printed, or undefined for a text that is not one. Each line says how many children follow, one blank further in;
 * both must agree everywhere, so that a name with line breaks in it cannot pass for nodes.
 */
export function syntaxTree(printed: string): SyntaxNode | undefined {
  const lines = printed.replace(/(?<!\n)\n+$/, '').split('\n');
  let at = 0;
  const node = (depth: number): SyntaxNode | undefined => {
    const [, blanks, kind, rest, count] = /^( *)(\S+)(.*?)(?: \(children (\d+)\))?$/.exec(lines[at] ?? '') ?? [];
    if (kind === undefined || blanks.length !== depth) return undefined;
    at++;
    const children: SyntaxNode[] = [];
    for (let i = 0; i < Number(count ?? 0); i++) {
      const child = node(depth + 1);
      if (!child) return undefined;
      children.push(child);
    }
    return { kind, text: withoutAlias(kind, rest.trim()), children };
  };
  const root = node(0);
  return at === lines.length ? root : undefined;
}

/**
 * A literal may itself say ` (alias `, and so may an alias: of a literal the last one begins the alias, so that nothing of it is missed. A name that says
 * so is none that the engine knows, and is cut at the first, so that no alias makes it another name.
 */
function withoutAlias(kind: string, text: string): string {
  const begin = ' (alias ';
  const at = kind === 'Literal' ? text.lastIndexOf(begin) : text.indexOf(begin);
  return at >= 0 && text.endsWith(')') ? text.slice(0, at) : text;
}
