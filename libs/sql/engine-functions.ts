import { SqlGate, type AskEngine } from './gate';

/** A gate that knows the functions of the engine that is asked. @param viewsDatabase name of the database with the documented views */
export async function gateOf(ask: AskEngine, viewsDatabase = 'hoptime'): Promise<SqlGate> {
  const functions = new Set(await lines(ask, 'SELECT DISTINCT lower(name) FROM system.functions'));
  const combinators = await lines(ask, 'SELECT lower(name) FROM system.aggregate_function_combinators');
  return new SqlGate(functions, combinators, viewsDatabase);
}

/** The lines that a statement answers. */
export async function lines(ask: AskEngine, sql: string): Promise<string[]> {
  return (await ask(sql)).split('\n').filter((line) => line !== '');
}
