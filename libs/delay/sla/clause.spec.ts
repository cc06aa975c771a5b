import { type ClauseError, parseClauses } from './clause';
import { readClauses, shippedNames } from './shipped';

const CLAUSE = `clauses:
  - name: ours
    title: Ours
    source: contract, page 4
    segment: total
    measure: share_under
    under_ms: 300000
    zone: Europe/Berlin
    exclude:
      windows:
        - { from: 2026-03-01T22:00:00+01:00, to: 2026-03-02T02:00:00+01:00 }
    tiers:
      - { below_share: 0.95, credit: 0.1 }
`;

function problems(text: string): readonly string[] {
  try {
    parseClauses(text, 'sla.yaml');
  } catch (error) {
    return (error as ClauseError).problems;
  }
  return [];
}

describe('a clause file', () => {
  it('is read with what it leaves out', () => {
    expect(parseClauses(CLAUSE, 'sla.yaml')).toEqual([
      {
        name: 'ours',
        title: 'Ours',
        source: 'contract, page 4',
        segment: 'total',
        measure: 'share_under',
        under_ms: 300_000,
        fastest: 1,
        period: 'month',
        zone: 'Europe/Berlin',
        exclude: {
          quarantine: true,
          waiting: false,
          recipient_domains: [],
          sender_domains: [],
          windows: [{ from: Date.parse('2026-03-01T21:00:00Z'), to: Date.parse('2026-03-02T01:00:00Z') }],
        },
        tiers: [{ below_share: 0.95, credit: 0.1 }],
      },
    ]);
  });

  it.each([
    [
      'a wrong zone',
      CLAUSE.replace('Europe/Berlin', 'Middle/Earth'),
      'sla.yaml:8: clauses.0.zone: is no IANA zone, such as Europe/Berlin',
    ],
    [
      'a limit that the measure has not',
      CLAUSE.replace('share_under', 'mean'),
      'sla.yaml:7: clauses.0.under_ms: belongs to the measure share_under, which needs it',
    ],
    [
      'a word that is not known',
      CLAUSE.replace('    zone:', '    timezone:'),
      'sla.yaml:2: clauses.0: Unrecognized key: "timezone"',
    ],
    [
      'no YAML',
      'clauses: [',
      'sla.yaml:1: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['nothing', '', 'sla.yaml:1: the file: Invalid input: expected object, received null'],
  ])('with %s: says file, line and what is wrong', (_, text, problem) => expect(problems(text)).toContain(problem));

  it('cannot be blown up by aliases of aliases', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]',
      'c: [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
    ].join('\n');
    expect(() => parseClauses(bomb, 'sla.yaml')).toThrow(/alias/);
  });

  it('comes along for the services whose figures are known, Trend Micro 2019 first among them', () => {
    expect(shippedNames()).toEqual(['one-minute', 'trend-hes-2019', 'trend-hes-before-2019']);
    const [trend] = readClauses('trend-hes-2019');
    expect(trend).toMatchObject({ segment: 'hes', measure: 'mean', fastest: 0.95, period: 'month' });
    expect(trend.tiers).toEqual([
      { over_ms: 60_000, credit: 0.25 },
      { over_ms: 300_000, credit: 0.5 },
      { over_ms: 600_000, credit: 1 },
    ]);
    expect(shippedNames().flatMap(readClauses)).toHaveLength(4);
  });

  it('that is not there is named with those that come along', () => {
    expect(() => readClauses('no-such')).toThrow(
      'no-such cannot be read (ENOENT); clauses that come with hoptime: one-minute, trend-hes-2019',
    );
  });
});
