/** The organization whose account is being connected: the provider's answer names it, the address does not. */
let connecting = '';

/** The organization that the address names; empty outside of organizations. */
export function currentPlace(path = window.location.pathname): { organization: string } {
  return { organization: decodeURIComponent(/^\/o\/([^/]+)/.exec(path)?.[1] ?? (path === '/connect' ? connecting : '')) };
}

/**
 * Where to go after sign-in, if it is a path of this console. Everything else (another origin, `//host`, `/\host`,
 * `javascript:`) is refused: a link to our sign-in page must not send people elsewhere.
 */
export function ownPath(wanted: unknown): string | undefined {
  if (typeof wanted !== 'string' || !wanted.startsWith('/') || /[\\\p{Cc}]/u.test(wanted)) return undefined;
  const url = new URL(wanted, window.location.origin);
  return url.origin === window.location.origin && url.pathname.startsWith('/o/') ? url.pathname + url.search + url.hash : undefined;
}

/** The token of a one-time link. It leaves the address at once, so that history and screen do not keep it. */
export function takeToken(): string {
  const token = window.location.hash.slice(1);
  if (token) window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  return token;
}

/** What a provider of accounts answered. It leaves the address at once, as a token does; its state begins with the organization. */
export function takeAnswer() {
  const query = new URLSearchParams(window.location.search);
  const state = query.get('state') ?? '';
  connecting = /^([a-z0-9-]+)\./.exec(state)?.[1] ?? '';
  if (state) window.history.replaceState(window.history.state, '', window.location.pathname);
  return { state, organization: connecting, code: query.get('code'), error: query.get('error'), iss: query.get('iss') };
}
