import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { FormDialog } from '../../elements/FormDialog';
import { useFields } from '../../elements/fields';
import { JsonView } from '../../elements/JsonView';
import { useOrganization } from '../../shell/organization';

/** Shows what is hidden of a step, or of the run's own data, to whoever may see it and says why. It is gone when the dialog closes. */
export function Reveal({ runId, node }: { runId: string; node: string | null }) {
  const organization = useOrganization();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Text size="sm" c="dimmed">What the workflow calls sensitive is hidden here.</Text>
      {organization.may('runs:reveal') && <Button size="xs" variant="default" w="fit-content" onClick={() => setOpened(true)}>Reveal</Button>}
      {opened && <RevealDialog runId={runId} node={node} onClose={() => setOpened(false)} />}
    </>
  );
}

function RevealDialog({ runId, node, onClose }: { runId: string; node: string | null; onClose: () => void }) {
  const reveal = useMutation({
    mutationFn: (reason: string) => body(api.POST('/v1/runs/{id}/reveal', { params: { path: { id: runId } }, body: { reason, node } })),
    gcTime: 0,
  });
  const fields = useFields({ reason: '' }, reveal.error);
  const { data } = reveal;
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={node === null ? 'Reveal the data of the run' : `Reveal the data of ${node}`}
      submit="Reveal"
      pending={reveal.isPending}
      error={reveal.error}
      shown={fields.shown}
      onSubmit={() => reveal.mutate(fields.values.reason)}
      size="lg"
    >
      <TextInput label="Reason" description="The audit log keeps it with your name." required maxLength={500} data-autofocus {...fields.bind('reason')} />
      {data && (
        <Stack gap="sm">
          {data.trigger !== null && <JsonView value={data.trigger} label="Revealed input" />}
          <JsonView value={data.output} label="Revealed output" />
          {data.error && <Text size="sm">{data.error.message}</Text>}
        </Stack>
      )}
    </FormDialog>
  );
}
