import { inOrganization } from './client';
import type { paths } from './schema.generated';

/** A stream of events; the browser takes it up again by itself after the last event that it had. */
export function openEvents(path: keyof paths & `${string}/{id}/events`, id: string): EventSource {
  return new EventSource(inOrganization(new URL(path.replace('{id}', encodeURIComponent(id)), window.location.origin)));
}
