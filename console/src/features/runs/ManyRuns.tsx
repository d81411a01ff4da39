import { Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { RunStatus } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { useOrganization } from '../../shell/organization';
import { isFinal } from './runStatus';

/** What can be done to all runs that the filters of the list let through. */
export function ManyRuns({ workflow, status }: { workflow?: string; status?: RunStatus }) {
  const organization = useOrganization();
  const client = useQueryClient();
  const [said, setSaid] = useState<string>();
  const filter = { workflow_id: workflow, status, limit: 1000 };
  const seen = (sentence: string, more: boolean) => {
    setSaid(more ? `${sentence} There are more.` : sentence);
    return client.invalidateQueries({ queryKey: [organization.slug, 'runs'] });
  };
  const retry = useMutation({
    mutationFn: () => body(api.POST('/v1/runs/retry', { body: { filter } })),
    onSuccess: (answer) => seen(`${answer.started} of ${answer.matched} runs are taken up again.`, answer.more),
  });
  const cancel = useMutation({
    mutationFn: () => body(api.POST('/v1/runs/cancel', { body: { filter } })),
    onSuccess: (answer) => seen(`${answer.matched} runs are asked to end.`, answer.more),
  });
  const ended = status && isFinal(status);
  return (
    <Group>
      {said && <Text size="sm" role="status">{said}</Text>}
      {ended && status !== 'succeeded' && organization.mayOnGrant('runs:start') && <ConfirmButton action={retry} label="Retry all" size="sm">Each run of the list that was not taken up before gets a new one, which keeps the results of its steps. At most 1,000 at a time.</ConfirmButton>}
      {status && !ended && organization.may('runs:cancel') && <ConfirmButton action={cancel} label="Cancel all" size="sm">All runs of the list end. At most 1,000 at a time.</ConfirmButton>}
    </Group>
  );
}
