import { useId, type ReactElement, type ReactNode } from 'react';

interface CardProps {
  title: string;
  /** what stands at the right of the title: controls, a count */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A part of a view with a heading, a region for screen readers. */
export function Card({ title, aside, className = '', children }: CardProps): ReactElement {
  const id = useId();
  return (
    <section className={`card ${className}`} aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
