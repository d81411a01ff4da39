import { useQuery } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import type { QuotaUsage } from '../../api/schema';
import { useOrganization } from '../../shell/organization';

/** What the organization uses of what it may; looked at anew each minute while somebody sees it. */
export function useUsage() {
  const organization = useOrganization();
  return useQuery({
    queryKey: [organization.slug, 'usage'],
    queryFn: () => body(api.GET('/v1/usage')),
    enabled: organization.may('organization:read'),
    staleTime: 60_000,
    refetchInterval: 60_000,
  });
}

export const quotaNames: Record<QuotaUsage['quota'], string> = {
  runs_a_day: 'Runs today (UTC)',
  stored_bytes: 'Stored data of runs',
  kv_bytes: 'Key-value store',
  members: 'Members',
  api_keys: 'API keys',
};

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A count, or bytes in the unit that reads best. */
export function amount(quota: QuotaUsage['quota'], value: number): string {
  if (!quota.endsWith('_bytes')) return value.toLocaleString();
  const power = Math.min(Math.floor(Math.log2(Math.max(value, 1)) / 10), units.length - 1);
  return `${(value / 1024 ** power).toLocaleString(undefined, { maximumFractionDigits: 1 })} ${units[power]}`;
}
