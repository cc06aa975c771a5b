import { type ReactElement, type ReactNode } from 'react';
import type { Answer } from '../api/use-answer';
import { type Problem } from '../api/ask';

/** Something went wrong: what, and what to do. Read out by screen readers when it appears. */
export function ProblemNotice({ problem }: { problem: Problem }): ReactElement {
  return (
    <div className="notice error" role="alert">
      <strong>{problem.title}</strong>
      {problem.detail && <p>{problem.detail}</p>}
      {problem.status >= 400 && problem.status < 500 && (
        <p>
          Change the range or the filters above, or <a href="./">start again without them</a>.
        </p>
      )}
    </div>
  );
}

/** The place of something that is not there yet, in its later size, so that the page does not jump. */
export function Loading({ height, what }: { height: number; what: string }): ReactElement {
  return (
    <div className="skeleton" style={{ minHeight: height }} role="status">
      Reading {what} …
    </div>
  );
}

/** There is nothing to show, and what to do about it. */
export function Empty({ title, children }: { title: string; children: ReactNode }): ReactElement {
  return (
    <div className="notice" role="status">
      <strong>{title}</strong>
      <div>{children}</div>
    </div>
  );
}

interface WhenReadyProps<T> {
  answer: Answer<T>;
  what: string;
  height?: number;
  children: (data: T) => ReactNode;
}

/** Shows an answer once it is there; until then its place, and what went wrong where something did. The last answer stays visible. */
export function WhenReady<T>({ answer, what, height = 120, children }: WhenReadyProps<T>): ReactElement {
  return (
    <>
      {answer.problem && <ProblemNotice problem={answer.problem} />}
      {answer.data !== null && (
        <div className={answer.stale ? 'stale' : undefined} aria-busy={answer.stale}>
          {children(answer.data)}
        </div>
      )}
      {answer.data === null && !answer.problem && <Loading height={height} what={what} />}
    </>
  );
}
