import { IconClipboardCheck, IconDatabase, IconListDetails, IconPlugConnected, IconRouteAltLeft, IconSettings, IconShieldCheck, IconUsers, IconWebhook, type Icon } from '@tabler/icons-react';
import type { MyOrganization } from '../api/schema';
import { may } from './me';

/** A place of the navigation. It is shown to whom one of the permissions is given; without any it is everybody's. */
export interface Place {
  to: '/o/$slug/workflows' | '/o/$slug/runs' | '/o/$slug/reviews' | '/o/$slug/connections' | '/o/$slug/kv' | '/o/$slug/webhooks' | '/o/$slug/audit' | '/o/$slug/members' | '/o/$slug/settings';
  label: string;
  icon: Icon;
  permissions: string[];
  does: string;
}

const places: Place[] = [
  { to: '/o/$slug/workflows', label: 'Workflows', icon: IconRouteAltLeft, permissions: ['workflows:read', 'grants:act'], does: 'Write, publish and start workflows' },
  { to: '/o/$slug/runs', label: 'Runs', icon: IconListDetails, permissions: ['runs:read', 'grants:act'], does: 'Watch what runs and what ran' },
  { to: '/o/$slug/reviews', label: 'Reviews', icon: IconClipboardCheck, permissions: ['reviews:read'], does: 'Decide what waits for a person' },
  { to: '/o/$slug/connections', label: 'Connections', icon: IconPlugConnected, permissions: ['connectors:read', 'credentials:read', 'grants:act'], does: 'Connectors and credentials' },
  { to: '/o/$slug/kv', label: 'Key-value store', icon: IconDatabase, permissions: ['kv:read'], does: 'What workflows keep between runs' },
  { to: '/o/$slug/webhooks', label: 'Webhooks', icon: IconWebhook, permissions: ['webhooks:read'], does: 'Endpoints and their deliveries' },
  { to: '/o/$slug/audit', label: 'Audit', icon: IconShieldCheck, permissions: ['audit:read'], does: 'Who did what, and the proof of it' },
  { to: '/o/$slug/members', label: 'Members & access', icon: IconUsers, permissions: ['members:read', 'api_keys:read'], does: 'Members, groups, invitations, API keys' },
  { to: '/o/$slug/settings', label: 'Settings', icon: IconSettings, permissions: [], does: 'The organization and the own account' },
];

export function placesFor(organization: MyOrganization): Place[] {
  return places.filter((place) => place.permissions.length === 0 || place.permissions.some((permission) => may(organization, permission)));
}
