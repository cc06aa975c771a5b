import { CutFramer, type FieldTexts } from './cut-framer';
import { ObjectCutter } from './object-cutter';

/**
 * JSON objects: one per line or one after the other, the elements of a top-level array, the elements of the array `logs` or
 * `value` of a page object, or one object. Field values are scalars as text, null as '', arrays and objects as JSON text. An
 * object that is broken, larger than 16 MiB or nested deeper than 64 is a record with a problem; reading goes on behind it,
 * or at the next line that begins an object.
 */
export class JsonFramer extends CutFramer {
  constructor() {
    super(new ObjectCutter(), fieldsOf, 'not valid JSON');
  }
}

function fieldsOf(text: string): FieldTexts {
  const object = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const names = Object.keys(object);
  return { names, values: names.map((name) => asText(object[name])) };
}

/** A value of a field as text: null and absent '', arrays and objects as JSON. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
