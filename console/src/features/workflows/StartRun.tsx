import { Button, JsonInput } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { Workflow } from '../../api/schema';
import { FormDialog } from '../../elements/FormDialog';
import { useOrganization } from '../../shell/organization';

/** Starts a run by hand. One opened dialog is one run: its key makes a second press find the first. */
export function StartRun({ workflow, triggerType }: { workflow: Workflow; triggerType: string }) {
  const organization = useOrganization();
  const [key, setKey] = useState<string>();
  if (workflow.state !== 'published' || !organization.may('runs:start') || !['manual', 'api'].includes(triggerType)) return null;
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
  const [input, setInput] = useState('{}');
  const [fault, setFault] = useState<string>();
  const start = useMutation({
    mutationFn: (parsed: unknown) => body(api.POST('/v1/workflows/{id}/runs', { params: { path: { id: workflow.id } }, body: { input: parsed }, headers: { 'Idempotency-Key': idempotencyKey } })),
    onSuccess: (started) => navigate({ to: '/o/$slug/runs/$id', params: { slug, id: started.run_id } }),
  });
  const submit = () => {
    const parsed = parseJson(input);
    setFault(parsed.fault);
    if (!parsed.fault) start.mutate(parsed.value);
  };
  return (
    <FormDialog opened onClose={onClose} title="Start a run" submit="Start" pending={start.isPending} error={start.error} onSubmit={submit} size="lg">
      <JsonInput label="Input (JSON)" description="What the workflow sees as trigger.body." value={input} onChange={setInput} error={fault} autosize minRows={8} maxRows={20} data-autofocus spellCheck={false} />
    </FormDialog>
  );
}

function parseJson(text: string): { value?: unknown; fault?: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'This is not JSON.' };
  }
}
