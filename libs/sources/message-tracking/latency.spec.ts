import { EventDraft, KIND, NUMBER, STATEMENT } from '../../trace/event-draft';
import { setServerLatency } from './latency';

/** delay, its unit, before the queue, in it, transmission; −1 is unknown. */
function latency(text: string, label = 'mbx1'): number[] {
  const bytes = Buffer.from(`,${text},|SMS=9`);
  const draft = new EventDraft().begin(KIND.delivered, STATEMENT.delivery, 0, 1);
  setServerLatency(draft, bytes, 1, 1 + Buffer.byteLength(text), label);
  return (['delayMs', 'delayUnitMs', 'beforeQueueMs', 'inQueueMs', 'transmitMs'] as const).map(
    (column) => draft.numbers[NUMBER[column]],
  );
}
const NOTHING = [-1, -1, -1, -1, -1];

describe('the latency tree of message-info', () => {
  it.each([
    // 1.530 − 0.010 = 1.520; of it 0.300 to send, so 1.220 in the queue
    [
      '2026-03-02T10:00:00.000Z;LSRV=Mbx1.corp.example:TOTAL-DEL=1.530|SMR=0.010(SMRDE=0.005|SMRC=0.005)|CAT=0.2|SDD=0.3',
      [1520, 1, 10, 1220, 300],
    ],
    ['T;SRV=HUB1:TOTAL-HUB=14.439|QDE=13.818|SMS=0.291;LSRV=MBX1:TOTAL-DEL=2|SMR-X=1', [1000, 1000, 1000, 1000, 0]],
    ['T;SRV=mbx1.corp.example:TOTAL=3', [3000, 1000, -1, -1, -1]],
    // rounded to milliseconds, half up
    ['T;LSRV=mbx1:TOTAL-DEL=0.0005|SMS=0.00049', [1, 1, 0, 1, 0]],
    // of the server of another name where the own one does not occur: the last
    ['T;SRV=a:TOTAL=1;SRV=b:TOTAL=2.5|SMR=0.5', [2000, 1, 500, 2000, 0]],
    // names that only begin alike, or have no value, say nothing
    ['T;LSRV=mbx1:TOTAL=1.0|SMRX=0.4|SMS|SDD=|SMR=x|(SMS=0.5)|SMS=0.25', [1000, 1, 0, 750, 250]],
    // more received and sent than there was
    ['T;LSRV=mbx1:TOTAL=1|SMR=2|SMS=3', [0, 1000, 2000, 0, 3000]],
    ['T;LSRV=mbx1:TOTAL=99999999999999999999', [1e12, 1000, -1, -1, -1]],
  ])('%s', (text, expected) => {
    expect(latency(text)).toEqual(expected);
  });

  it.each([
    '',
    'T',
    'T;LSRV=mbx1',
    'T;LSRV=mbx1:SMR=1|TOTAL=2',
    'T;LSRV=mbx1:TOTAL=x|SMR=1',
    'T;LSRV=mbx1:TOTAL=1x|SMR=1',
    'T;LSRV=mbx1:TOTAL',
  ])('is none in %j', (text) => {
    expect(latency(text)).toEqual(NOTHING);
  });
});
