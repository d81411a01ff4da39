import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, body, keepCsrfToken } from '../api/client';
import type { MyOrganization } from '../api/schema';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async () => {
    const me = await body(api.GET('/v1/me'));
    keepCsrfToken(me.csrf_token);
    return me;
  },
  staleTime: 60_000,
});

export const useMe = () => useQuery(meQuery);

export function may(organization: MyOrganization, permission: string) {
  return organization.permissions.includes(permission);
}
