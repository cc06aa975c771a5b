import { useEffect, useMemo, useRef, type ReactElement, type ReactNode } from 'react';
import { counted, durationText } from '../../../libs/delay/duration-text';
import type { JourneyAccount, MessageJourneys } from '../../../libs/http/api-types';
import { PageLink, useNavigation } from '../address/navigation';
import { endpoint } from '../api/ask';
import { useAnswer } from '../api/use-answer';
import { Card } from '../parts/card';
import { Duration } from '../parts/duration';
import { Empty, Loading, ProblemNotice } from '../parts/states';
import { Evidence } from './evidence';
import { EvidenceRecords } from './evidence-records';
import { HopTable } from './hop-table';
import { waterfall } from './waterfall-rows';
import { WaterfallPicture } from './waterfall';

const KB_TITLE = 'Troubleshooting email delays after redirecting mail traffic to Hosted Email Security (HES)';

/** A mailing has hundreds of recipients: so many are listed, the slowest first, the others are reached by their address. */
const RECIPIENTS = 20;

/** The account of one message: verdict, advice, waterfall, evidence. With several recipients, the one that is asked or the slowest. */
export function AccountPanel({ messageId, recipient }: { messageId: string; recipient?: string }): ReactElement {
  const { state } = useNavigation();
  const clock = state.clock === 'raw' ? undefined : state.clock;
  const path = `journeys/${encodeURIComponent(messageId)}`;
  const answer = useAnswer<MessageJourneys>(endpoint(path, { limit: RECIPIENTS, clock }));
  const listed = answer.data?.journeys.some((journey) => journey.recipient === recipient) ?? true;
  const asked = useAnswer<MessageJourneys>(
    recipient === undefined || listed ? null : endpoint(path, { recipient, clock }),
  );
  if (answer.problem?.status === 404) {
    return (
      <Empty title="No journey has this Message-ID">
        Check its spelling, or search for the address of its sender or recipient. It may also be in a file that was not
        read yet: see <PageLink to={{ view: 'input' }}>Input</PageLink>.
      </Empty>
    );
  }
  if (answer.problem) return <ProblemNotice problem={answer.problem} />;
  if (answer.data === null || answer.stale) return <Loading height={420} what="the journey" />;
  const { journeys, more } = answer.data;
  const shown = journeys.find((journey) => journey.recipient === recipient) ?? asked.data?.journeys[0];
  if (recipient !== undefined && !shown) {
    return asked.problem ? <ProblemNotice problem={asked.problem} /> : <Loading height={420} what="the journey" />;
  }
  const account = shown ?? journeys[0];
  return (
    <>
      {journeys.length > 1 && (
        <nav aria-label="Recipients of this message" className="chips">
          {journeys.map((journey, index) => (
            <PageLink
              key={`${index} ${journey.recipient}`}
              className="button chip"
              aria-current={journey === account ? 'true' : undefined}
              to={{ details: { ...state.details, message: messageId, recipient: journey.recipient ?? undefined } }}
            >
              {journey.recipient ?? 'unknown recipient'} <Duration ms={journey.total_ms} />
            </PageLink>
          ))}
          {more > 0 && <span className="soft">and {counted(more, 'more recipient')}</span>}
        </nav>
      )}
      <Account
        account={account}
        messageId={messageId}
        bundle={endpoint(`${path}/support-bundle`, { recipient: account.recipient })}
        records={endpoint(`${path}/evidence`, { recipient: account.recipient })}
      />
    </>
  );
}

function Account({
  account,
  messageId,
  bundle,
  records,
}: {
  account: JourneyAccount;
  messageId: string;
  /** addresses of the support bundle, and of the records that prove it */
  bundle: string;
  records: string;
}): ReactElement {
  const { tz } = useNavigation().state;
  const picture = useMemo(() => waterfall(account), [account]);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [messageId, account.recipient]);
  const { explanation } = account;
  return (
    <div className="grid" data-account>
      <section className="card" aria-label="Verdict">
        <h2 ref={title} tabIndex={-1} className="finding">
          {explanation.finding}
        </h2>
        {explanation.advice && (
          <div className="next">
            <h3>What to do next</h3>
            <p>{explanation.advice}</p>
          </div>
        )}
        <dl className="strip facts">
          <Fact name="Held by HES" of="hes">
            <Duration ms={account.hes_ms} />
          </Fact>
          <Fact name="HES at work">
            <Duration ms={account.hes_processing_ms} />
          </Fact>
          <Fact name="HES waiting">
            <Duration ms={account.hes_waiting_ms} />
          </Fact>
          <Fact name="After HES" of="downstream">
            <Duration ms={account.downstream_ms} />
          </Fact>
          <Fact name="Total">
            <Duration ms={account.total_ms} />
          </Fact>
          <Fact name="State">{account.state?.replaceAll('_', ' ') ?? '–'}</Fact>
          <Fact name="Deferrals after HES">{account.deferrals ?? '–'}</Fact>
        </dl>
        {account.raw && (
          <p className="small" data-raw>
            {account.clock_correction_ms === null
              ? 'Not corrected: the offset between its clocks is not known. '
              : `Corrected by ${durationText(account.clock_correction_ms)}. `}
            As the logs say it: held by HES <Duration ms={account.raw.hes_ms} />, after HES{' '}
            <Duration ms={account.raw.downstream_ms} />, total <Duration ms={account.raw.total_ms} />.
          </p>
        )}
        <p className="small soft facts-text">
          <span className="mono">{account.message_id ?? messageId}</span> from {account.sender ?? 'an unknown sender'}{' '}
          to {account.recipient ?? 'an unknown recipient'}
          {account.original_recipient !== null &&
            account.original_recipient !== account.recipient &&
            ` (HES saw ${account.original_recipient})`}
          {explanation.kb_step !== null && (
            <>
              . Answered by{' '}
              <span title={KB_TITLE}>step {explanation.kb_step} of Trend Micro&apos;s article on delays</span>
            </>
          )}
          .
        </p>
        <p className="fields after">
          <a className="button" href={bundle} download>
            Download support bundle (ZIP)
          </a>
        </p>
      </section>
      <Card title="Hop by hop">
        {picture ? (
          <>
            <WaterfallPicture picture={picture} tz={tz} />
            <details>
              <summary>Hops as a table</summary>
              <HopTable rows={picture.rows} tz={tz} />
            </details>
          </>
        ) : (
          <p className="soft">The logs tell of one moment only: there is no time to draw.</p>
        )}
      </Card>
      <Card title="Evidence" aside={<span className="n">{counted(account.events.length, 'trace event')}</span>}>
        <Evidence events={account.events} tz={tz} />
        <EvidenceRecords key={records} address={records} />
      </Card>
    </div>
  );
}

function Fact({ name, of, children }: { name: string; of?: 'hes' | 'downstream'; children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={of ? `segment-${of} coloured` : undefined} data-fact={name}>
        {children}
      </dd>
    </div>
  );
}
