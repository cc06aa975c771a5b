import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

const MOST_ALIASES = 10;

/**
 * A YAML text that users write, checked against a schema; else every problem, one sentence each, with its line where there is one.
 * @param file what problems are told under
 */
export function readYaml<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
): { data: z.output<S> } | { problems: string[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings].map(
    ({ message, pos }) => `${file}:${lines.linePos(pos[0]).line}: ${message}`,
  );
  if (broken.length) return { problems: broken };
  const result = schema.safeParse(document.toJS({ maxAliasCount: MOST_ALIASES }));
  if (result.success) return { data: result.data };
  const problems = result.error.issues.map(({ path, message }) => {
    const node = document.getIn(path, true) ?? document.getIn(path.slice(0, -1), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as number[]) : [0];
    return `${file}:${lines.linePos(range[0]).line}: ${path.join('.') || 'the file'}: ${message}`;
  });
  return { problems };
}
