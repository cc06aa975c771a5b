import { LogLine } from '../../log-text/log-line';
import { Relay } from './relay';

/** One line of Postfix; `agent` is one of {@link file://./agent.ts AGENT}. */
export class PostfixLine extends LogLine {
  /** `relay=` of a delivery line */
  readonly relay = new Relay();

  constructor() {
    super('postfix');
  }
}
