import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import type { Credential } from '../../api/schema';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { StateBadge } from '../../elements/StateBadge';
import { useOrganization } from '../../shell/organization';

/** One's own account at the credential's provider: whether it is connected, and the way to connect or end it. */
export function AccountConnection({ credential }: { credential: Credential }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const params = { params: { path: { id: credential.id } } };
  const accounts = useQuery({ queryKey: [slug, 'accounts'], queryFn: () => body(api.GET('/v1/credentials/accounts')) });
  const connect = useMutation({
    mutationFn: () => body(api.POST('/v1/credentials/{id}/connect', params)),
    onSuccess: ({ authorization_url }) => {
      const address = new URL(authorization_url);
      // What a script could do with an address of another kind, no provider needs.
      if (address.protocol === 'https:' || address.protocol === 'http:') window.location.assign(address);
    },
  });
  const disconnect = useMutation({
    mutationFn: () => body(api.POST('/v1/credentials/{id}/disconnect', params)),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug, 'accounts'] }),
  });
  const mine = accounts.data?.items.find((account) => account.credential_id === credential.id);
  return (
    <Group gap="xs" wrap="nowrap">
      {mine && <StateBadge state={mine.broken ? 'connect again' : 'connected'} />}
      {(!mine || mine.broken) && <Button size="xs" loading={connect.isPending} onClick={() => connect.mutate()} aria-label={`Connect ${credential.name}`}>Connect</Button>}
      {mine && <Button size="xs" variant="default" loading={disconnect.isPending} onClick={() => disconnect.mutate()} aria-label={`Disconnect ${credential.name}`}>Disconnect</Button>}
      <ProblemAlert error={connect.error ?? disconnect.error} />
    </Group>
  );
}
