import { MtaNames } from '../trace/mta-name';
import type { Leg } from './leg';

/** The fleet of these specs: two MXs and a mailbox server. */
export const FLEET = new MtaNames(['mx1.corp.example', 'mx2.corp.example', 'mbx.corp.example']);

/** A leg at an MX that knows nothing but what `facts` say; `name` is its id, its custody and its queue id. */
export function leg(name: string, facts: Partial<Leg> = {}): Leg {
  return {
    id: name,
    custody: name,
    messageKey: 'm@sender.example',
    knownKey: facts.messageKey ?? 'm@sender.example',
    isHes: false,
    mta: 'mx1.corp.example',
    product: 'postfix',
    queueId: name,
    begunAt: facts.receivedAt ?? 0,
    receivedAt: 0,
    endedAt: null,
    client: '',
    peer: '',
    originalQueueId: '',
    nextMta: '',
    nextAddress: '',
    nextQueueId: '',
    recipient: 'a@corp.example',
    originalRecipient: '',
    ...facts,
  };
}

/** A leg at HES, which does not say its queue id. */
export function hesLeg(name: string, facts: Partial<Leg> = {}): Leg {
  return leg(name, { isHes: true, mta: 'hes', product: 'trend-email-security', queueId: '', ...facts });
}
