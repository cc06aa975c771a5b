import { useEffect, useState, type ReactElement } from 'react';
import type { Diagnosis } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { ask, endpoint, Problem } from '../api/ask';
import { DiagnosisCards } from '../doctor/diagnosis-cards';
import { DomainChoices } from '../doctor/domain-choices';
import { Card } from '../parts/card';
import { Loading, ProblemNotice } from '../parts/states';

type Result =
  | { readonly state: 'asking' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'told'; readonly diagnosis: Diagnosis };

/** Steps 1 and 2 of the KB for one domain. Asked when somebody wants it, not at each change of the store: it asks name servers. */
export function DoctorView(): ReactElement {
  const { state, go } = useNavigation();
  const { domain = '' } = state.details;
  const [text, setText] = useState(domain);
  const [round, setRound] = useState(0);
  const [result, setResult] = useState<Result | null>(null);
  useEffect(() => {
    setText(domain);
    if (domain === '') {
      setResult(null);
      return undefined;
    }
    const abort = new AbortController();
    setResult({ state: 'asking' });
    ask<Diagnosis>(endpoint(`doctor/${encodeURIComponent(domain)}`), abort.signal).then(
      (diagnosis) => setResult({ state: 'told', diagnosis }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const problem = error instanceof Problem ? error : new Problem('This page failed', String(error), -1, null);
        setResult({ state: 'failed', problem });
      },
    );
    return () => abort.abort();
  }, [domain, round]);
  const check = (wanted: string): void => {
    if (wanted === domain) setRound(round + 1);
    else go({ details: { ...state.details, domain: wanted || undefined } });
  };
  return (
    <div className="grid">
      <Card title="Which domain?">
        <form
          className="fields"
          onSubmit={(event) => {
            event.preventDefault();
            check(text.trim());
          }}
        >
          <label>
            Mail domain, the part of an address behind the @
            <input
              value={text}
              onChange={(event) => setText(event.target.value)}
              placeholder="corp.example"
              autoComplete="off"
              spellCheck={false}
            />
          </label>
          <button className="primary" disabled={text.trim() === ''}>
            Check
          </button>
        </form>
        <DomainChoices chosen={domain} choose={check} />
      </Card>
      {result?.state === 'asking' && <Loading height={240} what="name servers and logs" />}
      {result?.state === 'failed' && <ProblemNotice problem={result.problem} />}
      {result?.state === 'told' && <DiagnosisCards diagnosis={result.diagnosis} />}
    </div>
  );
}
