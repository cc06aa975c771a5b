import { readFileSync } from 'node:fs';
import { ConfigError, type Config } from '../config/config';
import { NO_ALIASES, parseMtaAliases, type MtaAliases } from '../trace/mta-aliases';
import type { CorrelatorOptions } from './correlator';

/** What correlation takes from the configuration. @throws ConfigError for an alias file that cannot be read */
export const correlatorOptions = ({ verdictThresholdMs, hesNetworks, mtaAliases }: Config): CorrelatorOptions => ({
  verdictThresholdMs,
  hesNetworks,
  mtaAliases: mtaAliases === '' ? NO_ALIASES : aliasesIn(mtaAliases),
});

function aliasesIn(path: string): MtaAliases {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError([
      `MTA_ALIASES: ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
  const { aliases, problems } = parseMtaAliases(text);
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `MTA_ALIASES: ${path}: ${problem}`));
  return aliases;
}
