import { Alert, Button, Group, Text } from '@mantine/core';
import { IconBroadcast } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { Run } from '../../api/schema';
import { JsonDialog } from '../../elements/JsonDialog';
import { useOrganization } from '../../shell/organization';

/** The run waits for signals: which, and a way to send one, for whom it may be. */
export function WaitingSignal({ run }: { run: Run }) {
  const organization = useOrganization();
  const [name, setName] = useState<string>();
  const waiting = run.steps.filter((step) => step.status === 'waiting' && step.signal);
  return (
    <>
      {waiting.map((step) => (
        <Alert key={step.node} color="yellow" icon={<IconBroadcast aria-hidden />} title={`Step ${step.node} waits for the signal ${step.signal}`}>
          <Group justify="space-between">
            <Text size="sm">The run goes on when a program or a person sends it.</Text>
            {organization.mayOnGrant('runs:signal') && <Button size="xs" onClick={() => setName(step.signal ?? undefined)}>Send the signal</Button>}
          </Group>
        </Alert>
      ))}
      {name && <SendDialog run={run} name={name} onClose={() => setName(undefined)} />}
    </>
  );
}

function SendDialog({ run, name, onClose }: { run: Run; name: string; onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: (data: unknown) => body(api.POST('/v1/runs/{id}/signals', { params: { path: { id: run.id } }, body: { name, data } })),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: [slug, 'run', run.id] });
    },
  });
  return (
    <JsonDialog
      title={`Send the signal ${name}`} submit="Send" label="Data (JSON)" description="What the step gives as its data." initial="null"
      pending={send.isPending} error={send.error} onClose={onClose} onSubmit={send.mutate}
    />
  );
}
