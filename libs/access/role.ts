/** Roles of interfaces.md §7. Each may do what the viewer may; an operator and an auditor also what an analyst may. */
export const ROLES = ['viewer', 'analyst', 'operator', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** What a request does, as far as roles tell it apart. */
export type Action = 'read' | 'sql' | 'change' | 'audit';

const ALLOWED: Readonly<Record<Role, readonly Action[]>> = {
  viewer: ['read'],
  analyst: ['read', 'sql'],
  operator: ['read', 'sql', 'change'],
  auditor: ['read', 'sql', 'audit'],
};

export const mayDo = (role: Role, action: Action): boolean => ALLOWED[role].includes(action);

/** Routes that need no key: probes of an orchestrator, which tell nothing of the mail, and where people log in. */
const OPEN = /^((\/api\/v1)?\/health\/(live|ready)|\/auth\/(login|callback|logout|session))$/;
/** Answers that hold addresses, Message-IDs or lines of logs. */
const PERSONAL = /^\/api\/v1\/(journeys|inputs|live|inspect|ingest|audit|doctor|reports)\b/;

/** Where people come in, or in vain, and go. */
export const isLogin = (route: string): boolean => /^\/auth\/(callback|logout)$/.test(route);

export const isOpen = (route: string): boolean => OPEN.test(route);

/** Questions that come with a body, of which nothing is kept. */
const ASKED_BY_BODY = /^\/api\/v1\/(inspect$|doctor\/)/;

/** What a route does. A method that is no question changes something, except where nothing of the body is kept. */
export function actionOf(method: string, route: string): Action {
  if (/^\/sql(\/|$)/.test(route) || route === '/ping') return 'sql';
  if (route === '/api/v1/audit') return 'audit';
  return method === 'GET' || method === 'HEAD' || ASKED_BY_BODY.test(route) ? 'read' : 'change';
}

/** Questions whose answers are made of journeys and their events, of which a key may see those of some recipient domains; and pages without mail. */
const BY_DOMAIN =
  /^(\/|\/\*|\/(?!api\/|metrics|sql|ping)[^/]*|\/assets\/.*|\/api\/(docs.*|openapi\.json)|\/api\/v1\/(range|hops|clocks|coverage|sla|inspect|delays\/[a-z]+|journeys|journeys\/:message_id))$/;

/** Whether a key that is limited to recipient domains may ask here. All else tells of all mail. */
export const isByDomain = (method: string, route: string): boolean =>
  actionOf(method, route) === 'sql' || (actionOf(method, route) === 'read' && BY_DOMAIN.test(route));

/** Whether the audit log names the request: every read of personal data, every change, and every login and logout. */
export const isAudited = (method: string, route: string): boolean =>
  actionOf(method, route) !== 'read' || PERSONAL.test(route) || isLogin(route);
