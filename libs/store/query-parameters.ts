import type { QueryParameters } from './store';

/** Escapes of ClickHouse's escaped text, in which parameters are written, and of its string literals. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * Parameters of a statement as settings of the session: `param_name = 'text'`. The text is data throughout: the engine reads it as a value of
 * the type that the statement declares, never as SQL; what is no value of that type is an error.
 * @throws Error for a name that is no identifier, or a value of another kind than text, number, or a list of them
 */
export function parameterSettings(parameters: QueryParameters): string[] {
  return Object.entries(parameters).map(([name, value]) => {
    if (!/^[a-z]\w*$/i.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a parameter`);
    return `param_${name} = ${literal(parameterText(value))}`;
  });
}

function parameterText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(element).join(',')}]`;
  return typeof value === 'string' ? escaped(value) : numberText(value);
}

const element = (value: unknown): string => (typeof value === 'string' ? literal(value) : numberText(value));

function numberText(value: unknown): string {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  throw new Error(`a parameter cannot be ${value === null ? 'null' : typeof value}`);
}

const escaped = (text: string): string => text.replace(/[\\\0\b\f\n\r\t]/g, (character) => ESCAPES[character]);

const literal = (text: string): string => `'${escaped(text).replaceAll("'", "\\'")}'`;
