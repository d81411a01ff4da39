import { useQuery } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { useOrganization } from '../../shell/organization';

/** What of the organization is switched off. */
export function useKillSwitches() {
  const organization = useOrganization();
  return useQuery({
    queryKey: [organization.slug, 'kill-switches'],
    queryFn: () => body(api.GET('/v1/kill-switches')),
    enabled: organization.may('organization:read'),
  });
}
