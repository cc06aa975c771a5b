import { keepLogs } from './program-logs';

/** Before all tests: what the programs that they start say is kept. */
export default function setup(): void {
  keepLogs();
}
