import type { Attempt, QueueRecipient } from './queue-visit';

/** Recipients that one attempt was for. */
export interface SharedAttempt {
  readonly attempt: Attempt;
  readonly recipients: readonly QueueRecipient[];
}

/** The attempts of a visit, each once with all its recipients: a host hands a message to another once for all of them. */
export function attemptsTogether(recipients: readonly QueueRecipient[]): readonly SharedAttempt[] {
  const shared = new Map<string, { attempt: Attempt; recipients: QueueRecipient[] }>();
  for (const recipient of recipients) {
    for (const attempt of recipient.attempts) {
      const key = `${attempt.at} ${attempt.status} ${attempt.peer.name}`;
      const known = shared.get(key);
      if (known) known.recipients.push(recipient);
      else shared.set(key, { attempt, recipients: [recipient] });
    }
  }
  return [...shared.values()];
}
