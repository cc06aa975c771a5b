import { type ReactElement } from 'react';
import { PageLink } from '../address/navigation';
import { Empty } from './states';

/** The store holds no mail yet: how to fill it. */
export function EmptyStore(): ReactElement {
  return (
    <Empty title="No mail in the store yet">
      <p>
        Read the HES mail tracking export and the logs of the mail servers behind HES, then this page fills by itself:
      </p>
      <ul className="steps">
        <li>
          <code>npx hoptime ingest PATH…</code>, or drop files into a folder that <code>hoptime serve --watch</code>{' '}
          watches
        </li>
        <li>
          <code>npx hoptime demo</code> shows all this with made-up mail
        </li>
        <li>
          Only one mail at hand? <PageLink to={{ view: 'inspect' }}>Inspect its header</PageLink>, which needs no store.
        </li>
        <li>
          Something was read, but nothing is here? <PageLink to={{ view: 'input' }}>Input</PageLink> says what was not
          understood.
        </li>
      </ul>
    </Empty>
  );
}
