import { Badge, Button, Group, Switch, Table, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import type { Anomaly } from '../../api/schema';
import { DataTable } from '../../elements/DataTable';
import { sayDone } from '../../elements/done';
import { EmptyState } from '../../elements/EmptyState';
import { useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { StateBadge, stateLabel } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';
import { AnomalySettings } from './AnomalySettings';

/** What was unusual of keys and connectors, and what came of it. */
export function Anomalies() {
  const organization = useOrganization();
  const [all, setAll] = useState(false);
  const [chosen, setChosen] = useState<Anomaly>();
  const anomalies = usePages([organization.slug, 'anomalies', all], (query) =>
    body(api.GET('/v1/anomalies', { params: { query: { ...query, state: all ? undefined : 'open' } } })), { refetchInterval: 15_000 });
  return (
    <>
      <Group mb="md" justify="space-between">
        <Switch label="Also those that were acknowledged" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
        <AnomalySettings />
      </Group>
      <DataTable
        label="Anomalies"
        pages={anomalies}
        columns={['Last seen', 'Whose', 'What', 'State', '']}
        empty={<EmptyState title="Nothing unusual">API keys and connectors do what they usually do. What is unusual of them appears here within a minute.</EmptyState>}
        row={(anomaly) => (
          <Table.Tr key={anomaly.id}>
            <Table.Td><Time at={anomaly.last_seen} /></Table.Td>
            <Table.Td dir="auto">{anomaly.subject_name}<Text size="xs" c="dimmed">{anomaly.subject_kind === 'api_key' ? 'API key' : 'connector'}</Text></Table.Td>
            <Table.Td maw={420}><Text size="sm">{anomaly.summary}</Text><Text size="xs" c="dimmed">{stateLabel(anomaly.kind)}</Text></Table.Td>
            <Table.Td>
              <StateBadge state={anomaly.state} />
              {anomaly.subject_suspended && <Badge color="yellow" variant="light">key suspended</Badge>}
              {anomaly.acknowledger && <Text size="xs" c="dimmed" dir="auto">{anomaly.acknowledger}{anomaly.note && `: ${anomaly.note}`}</Text>}
            </Table.Td>
            <Table.Td ta="end">
              {anomaly.state === 'open' && organization.may('anomalies:write') && <Button size="xs" variant="default" aria-label={`Acknowledge ${stateLabel(anomaly.kind)} of ${anomaly.subject_name}`} onClick={() => setChosen(anomaly)}>Acknowledge</Button>}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {chosen && <Acknowledge anomaly={chosen} onClose={() => setChosen(undefined)} />}
    </>
  );
}

/** With what came of it; its key goes on in the same step where that is wished. */
function Acknowledge({ anomaly, onClose }: { anomaly: Anomaly; onClose: () => void }) {
  const organization = useOrganization();
  const client = useQueryClient();
  const mayRestore = anomaly.subject_suspended && organization.may('api_keys:write');
  const [restores, setRestores] = useState(mayRestore);
  const acknowledge = useMutation({
    mutationFn: async ({ note }: { note: string }) => {
      if (restores) await body(api.POST('/v1/api-keys/{id}/restore', { params: { path: { id: anomaly.subject_id } } }));
      return body(api.POST('/v1/anomalies/{id}/acknowledge', { params: { path: { id: anomaly.id } }, body: { note: note.trim() || null } }));
    },
    onSuccess: async () => {
      sayDone(restores ? 'The anomaly is acknowledged, and the key works again.' : 'The anomaly is acknowledged.');
      onClose();
      await Promise.all([client.invalidateQueries({ queryKey: [organization.slug, 'anomalies'] }), client.invalidateQueries({ queryKey: [organization.slug, 'api keys'] })]);
    },
  });
  const fields = useFields({ note: '' }, acknowledge.error);
  return (
    <FormDialog opened onClose={onClose} title={`Acknowledge the anomaly of “${anomaly.subject_name}”`} submit={restores ? 'Acknowledge and restore' : 'Acknowledge'}
      pending={acknowledge.isPending} error={acknowledge.error} shown={fields.shown} onSubmit={() => acknowledge.mutate(fields.values)}>
      <Text size="sm">{anomaly.summary}</Text>
      <Textarea label="Note" description="What came of it. It is shown here and kept in the audit." dir="auto" autosize data-autofocus {...fields.bind('note')} />
      {mayRestore && <Switch label="Restore the key: it works again at once" checked={restores} onChange={(event) => setRestores(event.currentTarget.checked)} />}
      {anomaly.subject_suspended && !mayRestore && <Text size="sm" c="dimmed">The key stays suspended until somebody who may change API keys restores it.</Text>}
    </FormDialog>
  );
}
