import { Alert, Button, Group, JsonInput, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { Run } from '../../api/schema';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { useOrganization } from '../../shell/organization';

const outcomes = [
  { value: 'retry', label: 'Do it again, with the same idempotency key' },
  { value: 'succeeded', label: 'It succeeded' },
  { value: 'failed', label: 'It failed' },
];

/** Steps that had begun when their server died and whose node wants a person to say how they went. */
export function UnknownOutcome({ run }: { run: Run }) {
  const organization = useOrganization();
  const [node, setNode] = useState<string>();
  const undecided = run.steps.filter((step) => step.outcome_unknown && step.status === 'waiting');
  return (
    <>
      {undecided.map((step) => (
        <Alert key={step.node} color="yellow" icon={<IconHelpCircle aria-hidden />} title={`Nobody knows how the step ${step.node} went`}>
          <Group justify="space-between">
            <Text size="sm">Its server died while it was under way. Look at the service that it calls, and say what you found.</Text>
            {organization.mayOnGrant('runs:signal') && <Button size="xs" onClick={() => setNode(step.node)}>Say how it went</Button>}
          </Group>
        </Alert>
      ))}
      {node && <OutcomeDialog run={run} node={node} onClose={() => setNode(undefined)} />}
    </>
  );
}

function OutcomeDialog({ run, node, onClose }: { run: Run; node: string; onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const [outcome, setOutcome] = useState('retry');
  const [reason, setReason] = useState('');
  const [output, setOutput] = useState('null');
  const decide = useMutation({
    mutationFn: () => body(api.POST('/v1/runs/{id}/steps/{node}/outcome', {
      params: { path: { id: run.id, node } },
      body: { outcome: outcome as 'retry' | 'succeeded' | 'failed', reason, ...(outcome === 'succeeded' ? { output: JSON.parse(output) as unknown } : {}) },
    })),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: [slug, 'run', run.id] });
    },
  });
  return (
    <Modal opened onClose={onClose} title={`How did ${node} go?`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Select label="Outcome" data={outcomes} value={outcome} onChange={(value) => setOutcome(value ?? 'retry')} allowDeselect={false} />
        {outcome === 'succeeded' && <JsonInput label="Output (JSON)" description="What the step gives." value={output} onChange={setOutput} autosize minRows={3} validationError="This is not JSON" />}
        <TextInput label="Reason" description="Goes into the audit log." value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={500} required />
        <ProblemAlert error={decide.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Close</Button>
          <Button disabled={reason.length === 0} loading={decide.isPending} onClick={() => decide.mutate()}>Decide</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
