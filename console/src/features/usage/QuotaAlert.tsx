import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { PlaceLink } from '../../elements/PlaceLink';
import { useOrganization } from '../../shell/organization';
import { amount, quotaNames, useUsage } from './useUsage';

/** Says on every page that a quota is nearly or wholly used, to who can do something about it. */
export function QuotaAlert() {
  const organization = useOrganization();
  const { data } = useUsage();
  // How many members and keys there may be is no concern until one more is wanted.
  const near = data?.quotas.filter((quota) => quota.level !== 'fine' && quota.quota !== 'members' && quota.quota !== 'api_keys') ?? [];
  if (near.length === 0 || !organization.may('organization:write')) return null;
  const all = near.some((quota) => quota.level === 'exceeded');
  return (
    <Alert color={all ? 'red' : 'yellow'} icon={<IconAlertTriangle aria-hidden />} title={all ? 'A quota is used' : 'A quota is nearly used'} mb="md">
      {near.map((quota) => `${quotaNames[quota.quota]}: ${amount(quota.quota, quota.used)} of ${amount(quota.quota, quota.most ?? 0)}`).join('. ')}.{' '}
      <PlaceLink to="/o/$slug/settings" params={{ slug: organization.slug }} size="sm" c="inherit" underline="always">All quotas</PlaceLink>
    </Alert>
  );
}
