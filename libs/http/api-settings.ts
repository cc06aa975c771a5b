/** Token of {@link ApiSettings}. */
export const API_SETTINGS = Symbol('API_SETTINGS');

export interface ApiSettings {
  /** Hoptime's version */
  readonly version: string;
  readonly verdictThresholdMs: number;
}
