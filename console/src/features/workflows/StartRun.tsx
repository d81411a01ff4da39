import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { Workflow } from '../../api/schema';
import { JsonDialog } from '../../elements/JsonDialog';
import { useOrganization } from '../../shell/organization';

/** Starts a run by hand. One opened dialog is one run: its key makes a second press find the first. */
export function StartRun({ workflow, triggerType }: { workflow: Workflow; triggerType: string }) {
  const [key, setKey] = useState<string>();
  if (workflow.state !== 'published' || !workflow.rights.includes('run') || !['manual', 'api'].includes(triggerType)) return null;
  return (
    <>
      <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} variant={workflow.has_draft ? 'default' : 'filled'} onClick={() => setKey(crypto.randomUUID())}>Start a run</Button>
      {key && <StartDialog workflow={workflow} idempotencyKey={key} onClose={() => setKey(undefined)} />}
    </>
  );
}

function StartDialog({ workflow, idempotencyKey, onClose }: { workflow: Workflow; idempotencyKey: string; onClose: () => void }) {
  const { slug } = useOrganization();
  const navigate = useNavigate();
  const start = useMutation({
    mutationFn: (parsed: unknown) => body(api.POST('/v1/workflows/{id}/runs', { params: { path: { id: workflow.id } }, body: { input: parsed }, headers: { 'Idempotency-Key': idempotencyKey } })),
    onSuccess: (started) => navigate({ to: '/o/$slug/runs/$id', params: { slug, id: started.run_id } }),
  });
  return (
    <JsonDialog
      title="Start a run" submit="Start" label="Input (JSON)" description="What the workflow sees as trigger.body." initial="{}"
      pending={start.isPending} error={start.error} onClose={onClose} onSubmit={start.mutate}
    />
  );
}
