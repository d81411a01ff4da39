import createClient, { type Middleware } from 'openapi-fetch';
import { currentPlace } from '../shell/addresses';
import { ApiProblem } from './problem';
import type { paths } from './schema.generated';

/** Paths that belong to a person or to nobody; all others are those of an organization. */
const withoutOrganization = /^\/v1\/(auth\/.*|me(\/.*)?|orgs|setup|invitations\/accept|leak-reports)$/;

let csrfToken = '';

/** The token comes with the session (GET /v1/me and every sign-in) and proves that a request is the console's own. */
export function keepCsrfToken(token: string) {
  csrfToken = token;
}

/** A person's request names the organization in its path; the console's own address says which. */
class OrganizationRequest extends Request {
  constructor(input: RequestInfo | URL, init?: RequestInit) {
    super(typeof input === 'string' ? inOrganization(new URL(input)) : input, init);
  }
}

/** The address of a person's request: within the organization whose place is open. */
export function inOrganization(url: URL): URL {
  if (!withoutOrganization.test(url.pathname)) url.pathname = url.pathname.replace(/^\/v1\//, `/v1/orgs/${encodeURIComponent(currentPlace().organization)}/`);
  return url;
}

const csrf: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrfToken) request.headers.set('X-CSRF-Token', csrfToken);
  },
};

const problems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await ApiProblem.from(response);
  },
};

/** The only way out of the console: what is not in the OpenAPI document cannot be called. */
export const api = createClient<paths>({ baseUrl: window.location.origin, Request: OrganizationRequest });
api.use(csrf, problems);

/** The body of an answer; refusals were thrown as {@link ApiProblem} before. */
export async function body<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  if (data === undefined) throw new Error('The server answered without a body.');
  return data;
}

/** The header of an edit: the version that it was made from. */
export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` });
