import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { PlaceLink } from '../../elements/PlaceLink';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { useOrganization } from '../../shell/organization';

/** Recomputes the whole log: each event against its sealed leaf, each link against the one before. */
export function VerifyEverything() {
  const { slug } = useOrganization();
  const verify = useMutation({ mutationFn: () => body(api.POST('/v1/audit/verify')) });
  const result = verify.data;
  return (
    <Paper withBorder p="md" mb="lg">
      <Stack gap="sm">
        <Group justify="space-between">
          <Text size="sm" maw={640}>Every event is sealed into a chain of hashes. A change, a gap or another order anywhere in it is found.</Text>
          <Button onClick={() => verify.mutate()} loading={verify.isPending} variant="default" leftSection={<IconShieldCheck size={18} aria-hidden />}>Verify everything</Button>
        </Group>
        <ProblemAlert error={verify.error} />
        <div role="status">
          {result?.valid && (
            <Alert color="teal" icon={<IconShieldCheck aria-hidden />} title="Everything holds">
              {result.verified.toLocaleString()} of {result.events.toLocaleString()} events verified
              {result.pending > 0 ? `; ${result.pending.toLocaleString()} are recorded and wait to be sealed.` : '.'}
            </Alert>
          )}
          {result && !result.valid && (
            <Alert color="red" icon={<IconShieldX aria-hidden />} title="The log does not hold">
              {result.verified.toLocaleString()} of {result.sealed.toLocaleString()} sealed entries hold, counted from the first.
              {result.first_failure && (
                <Text size="sm" mt="xs">
                  First failure{result.first_failure.index !== null && ` at entry ${result.first_failure.index}`}, step {result.first_failure.step}: {result.first_failure.fault}{' '}
                  {result.first_failure.event_id && <PlaceLink to="/o/$slug/audit/$id" params={{ slug, id: result.first_failure.event_id }} underline="always">Open the event</PlaceLink>}
                </Text>
              )}
            </Alert>
          )}
        </div>
      </Stack>
    </Paper>
  );
}
