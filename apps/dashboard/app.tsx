import { useEffect, useRef, useState, type ReactElement } from 'react';
import { PageLink, useNavigation } from './address/navigation';
import { VIEWS, type View } from './address/page-state';
import { LiveStoreProvider, useLiveStore } from './api/live-store';
import { EmptyStore } from './parts/empty-store';
import { Loading, ProblemNotice } from './parts/states';
import { LoggedOut, Session } from './parts/session';
import { ScopeBar } from './parts/scope-bar';
import { chooseTheme, THEME_CHOICES, useThemeChoice, type ThemeChoice } from './theme/theme';
import { ClocksView } from './views/clocks';
import { DistributionView } from './views/distribution';
import { DoctorView } from './views/doctor';
import { HopsView } from './views/hops';
import { InputView } from './views/input';
import { InspectView } from './views/inspect';
import { JourneyView } from './views/journey';
import { OverviewView } from './views/overview';
import { ReportsView } from './views/reports';
import { agoText } from './words/moment-text';

const TITLES: Readonly<Record<View, string>> = {
  overview: 'Overview',
  distribution: 'Distribution',
  hops: 'Hops',
  journey: 'Journey',
  clocks: 'Clocks',
  reports: 'Reports',
  inspect: 'Inspect',
  doctor: 'Doctor',
  input: 'Input',
};

/** What each view answers, under its title. */
const QUESTIONS: Readonly<Record<View, string>> = {
  overview: 'How long did HES hold the mail, and how long did the hops after it take?',
  distribution: 'How are the delays spread, and what differs in the slow ones?',
  hops: 'Which MTA took how much of the time?',
  journey: 'Why was this mail late?',
  reports: 'What was issued, what does it rest on, and what changed since?',
  clocks: 'Whose clock is wrong, by how much, and since when?',
  inspect: 'What does the header of one mail say? Nothing is stored.',
  doctor: 'Is HES set up right: MX records, and does anybody turn HES away?',
  input: 'What was read, what was not understood, what does not match?',
};

const RENDERED: Readonly<Record<View, () => ReactElement>> = {
  overview: OverviewView,
  distribution: DistributionView,
  hops: HopsView,
  journey: JourneyView,
  clocks: ClocksView,
  reports: ReportsView,
  inspect: InspectView,
  doctor: DoctorView,
  input: InputView,
};

/** The dashboard: the frame of all views. */
export function App(): ReactElement {
  const [isOut, setOut] = useState(false);
  if (isOut) return <LoggedOut />;
  return (
    <LiveStoreProvider>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <Top onOut={() => setOut(true)} />
      <Content />
      <Foot />
    </LiveStoreProvider>
  );
}

function Top({ onOut }: { onOut: () => void }): ReactElement {
  const { view } = useNavigation().state;
  return (
    <header className="top">
      <div className="top-in">
        <PageLink to={{ view: 'overview' }} className="brand">
          <Mark />
          Hoptime
        </PageLink>
        <nav className="nav" aria-label="Views">
          <ul>
            {VIEWS.map((each) => (
              <li key={each}>
                <PageLink to={{ view: each }} aria-current={each === view ? 'page' : undefined}>
                  {TITLES[each]}
                </PageLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="top-right">
          <Live />
          <ThemeSelect />
          <Session onOut={onOut} />
        </div>
      </div>
    </header>
  );
}

function Content(): ReactElement {
  const { view } = useNavigation().state;
  const { range, problem } = useLiveStore();
  const title = useRef<HTMLHeadingElement>(null);
  const shown = useRef(view);
  useEffect(() => {
    document.title = `${TITLES[view]} · Hoptime`;
    if (shown.current === view) return;
    // a new view begins at its title, for the eye, the keyboard and the screen reader alike
    shown.current = view;
    window.scrollTo(0, 0);
    title.current?.focus();
  }, [view]);
  const Rendered = RENDERED[view];
  const needsMail = !['inspect', 'doctor', 'input', 'reports'].includes(view);
  const hasScope = !['inspect', 'doctor', 'reports'].includes(view);
  return (
    <main className="page" id="content" tabIndex={-1}>
      <div className="page-title">
        <h1 ref={title} tabIndex={-1}>
          {TITLES[view]}
        </h1>
        <p className="soft">{QUESTIONS[view]}</p>
      </div>
      {hasScope && range !== null && range.journeys > 0 && <ScopeBar />}
      {range === null && hasScope ? (
        problem ? (
          <ProblemNotice problem={problem} />
        ) : (
          <Loading height={300} what="what the store holds" />
        )
      ) : needsMail && range?.journeys === 0 ? (
        <EmptyStore />
      ) : (
        <Rendered />
      )}
    </main>
  );
}

/** Whether the page is up to date: a sign and words, never a colour alone. */
function Live(): ReactElement {
  const { range, problem } = useLiveStore();
  if (problem) {
    return (
      <span className="live broken" role="status">
        <span aria-hidden="true">▲</span> no answer from the server
      </span>
    );
  }
  if (range === null) return <span className="live">connecting …</span>;
  const changed =
    range.changed_at === null ? 'nothing read yet' : `read ${agoText(range.changed_at, Date.parse(range.now))}`;
  return (
    <span className="live" title={range.changed_at ?? undefined}>
      <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
        <circle cx="4" cy="4" r="4" fill="currentColor" />
      </svg>
      <span>
        live<span className="wide-only">, {changed}</span>
      </span>
    </span>
  );
}

const THEME_TEXTS: Readonly<Record<ThemeChoice, string>> = { system: 'Auto', light: 'Light', dark: 'Dark' };

function ThemeSelect(): ReactElement {
  const choice = useThemeChoice();
  return (
    <select aria-label="Colours" value={choice} onChange={(event) => chooseTheme(event.target.value as ThemeChoice)}>
      {THEME_CHOICES.map((each) => (
        <option key={each} value={each}>
          {THEME_TEXTS[each]}
        </option>
      ))}
    </select>
  );
}

function Foot(): ReactElement {
  const { range } = useLiveStore();
  return (
    <footer className="foot">
      {range && <span>Hoptime {range.version}</span>}
      <a href="./api/docs">API</a>
      <span>
        Same figures on the command line: <code>hoptime report</code>
      </span>
    </footer>
  );
}

function Mark(): ReactElement {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
      <rect x="2" y="5" width="15" height="6" rx="3" fill="var(--hes)" />
      <rect x="10" y="13" width="9" height="6" rx="3" fill="var(--waiting)" />
      <rect x="18" y="21" width="12" height="6" rx="3" fill="var(--downstream)" />
    </svg>
  );
}
