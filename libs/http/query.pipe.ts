import { type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { ProblemError } from './problem-error';

type Shape = Record<string, z.ZodType>;

/** Texts of a query string: one, or several of the same name. */
type Given = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Checks the query string against a schema of `schemas/requests.ts`; what is wrong is a 400 that names each parameter. */
export class QueryPipe<S extends z.ZodObject<Shape>> implements PipeTransform<Given, z.output<S>> {
  constructor(private readonly schema: S) {}

  transform(given: Given): z.output<S> {
    const problems: { parameter: string; detail: string }[] = [];
    const values: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) continue;
      const field = Object.hasOwn(this.schema.shape, name) ? this.schema.shape[name] : undefined;
      const texts = typeof value === 'string' ? [value] : [...value];
      if (!field) problems.push({ parameter: name, detail: `${name} is no parameter of this request` });
      else if (isList(field)) values[name] = takesCommas(field) ? texts.flatMap((text) => text.split(',')) : texts;
      else if (texts.length > 1) problems.push({ parameter: name, detail: `${name} may be given once only` });
      else values[name] = texts[0];
    }
    const parsed = this.schema.safeParse(values);
    if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => problemOf(issue, values)));
    if (problems.length > 0) throw badRequest(problems);
    return parsed.data as z.output<S>;
  }
}

/** A 400 for parameters: the first in `parameter` and `detail`, all in `errors` when there are several. */
export function badRequest(problems: readonly { parameter: string; detail: string }[]): ProblemError {
  const [{ parameter, detail }] = problems;
  const errors = problems.length > 1 ? [...problems] : undefined;
  return new ProblemError(400, detail, { parameter, errors });
}

function problemOf(issue: z.core.$ZodIssue, values: Record<string, unknown>): { parameter: string; detail: string } {
  const parameter = String(issue.path[0] ?? '');
  if (!(parameter in values)) return { parameter, detail: `${parameter} is missing` };
  return { parameter, detail: `${parameter}: ${issue.message}` };
}

/** The schema below defaults and optionality. */
export function inner(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return inner(schema.unwrap() as z.ZodType);
  return schema;
}

export const isList = (schema: z.ZodType): boolean => inner(schema) instanceof z.ZodArray;

/** Whether a list may be written with commas, as its `.meta({ commas: true })` says. */
export const takesCommas = (schema: z.ZodType): boolean => schema.meta()?.commas === true;
