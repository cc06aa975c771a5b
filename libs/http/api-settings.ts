/** Token of {@link ApiSettings}. */
export const API_SETTINGS = Symbol('API_SETTINGS');

export interface ApiSettings {
  /** Hoptime's version */
  readonly version: string;
  readonly verdictThresholdMs: number;
  /** treated as HES besides the published ranges */
  readonly hesNetworks: readonly string[];
  /** name server of `doctor`, ADDRESS or ADDRESS:PORT; '' the system's */
  readonly resolver: string;
}
