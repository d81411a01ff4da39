import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import type { Connector } from '../../api/schema';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';

const words = { closed: 'calls go through', open: 'no calls', half_open: 'calls are tried' };

/** Whether calls go through to the service, and the way to let them after somebody mended it. */
export function BreakerState({ connector }: { connector: Connector }) {
  const organization = useOrganization();
  const client = useQueryClient();
  const reset = useMutation({
    mutationFn: () => body(api.POST('/v1/connectors/{id}/breaker/reset', { params: { path: { id: connector.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: [organization.slug, 'connectors'] }),
  });
  const { state, failures, until } = connector.breaker_status;
  return (
    <Stack gap={4}>
      <StateBadge state={words[state]} />
      {failures > 0 && <Text size="xs" c="dimmed">{failures === 1 ? 'one step failed' : `${failures} steps failed in a row`}{until && <>, tried again <Time at={until} /></>}</Text>}
      {state !== 'closed' && organization.may('connectors:write') && (
        <Group><Button size="compact-xs" variant="default" loading={reset.isPending} onClick={() => reset.mutate()} aria-label={`Let calls to ${connector.name} through`}>Let calls through</Button></Group>
      )}
      <ProblemAlert error={reset.error} />
    </Stack>
  );
}
