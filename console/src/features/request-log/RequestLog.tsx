import { Alert, Button, Code, Group, Switch, Table, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import type { LoggedRequest } from '../../api/schema';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { useFields } from '../../elements/fields';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';

/** What keys and members asked for, and whose answer a watermark is of. */
export function RequestLog() {
  const { slug } = useOrganization();
  const [refused, setRefused] = useState(false);
  const requests = usePages([slug, 'requests', refused], (query) =>
    body(api.GET('/v1/request-log', { params: { query: { ...query, status_from: refused ? 400 : undefined } } })));
  return (
    <>
      <Trace />
      <Group mb="md"><Switch label="Only what was refused or failed" checked={refused} onChange={(event) => setRefused(event.currentTarget.checked)} /></Group>
      <DataTable
        label="Requests"
        pages={requests}
        columns={['When', 'Who', 'What', 'Status', 'From']}
        empty={<EmptyState title="No request matches">Requests of keys and members appear here a moment after their answers.</EmptyState>}
        row={(request) => (
          <Table.Tr key={request.id}>
            <Table.Td><Time at={request.at} /></Table.Td>
            <Table.Td dir="auto"><Caller request={request} /></Table.Td>
            <Table.Td><Text size="sm" ff="monospace">{request.operation ?? 'no such address'}</Text><Text size="xs" c="dimmed">{request.method}, {request.duration_ms} ms</Text></Table.Td>
            <Table.Td>{request.status}</Table.Td>
            <Table.Td>{request.network}<Text size="xs" c="dimmed" dir="auto" lineClamp={1} maw={260}>{request.user_agent}</Text></Table.Td>
          </Table.Tr>
        )}
      />
    </>
  );
}

const Caller = ({ request }: { request: LoggedRequest }) => {
  if (request.api_key_id) return <Code>{request.api_key_prefix ?? request.api_key_id}</Code>;
  return request.client_key_id ? <>page: {request.client_key_name ?? request.client_key_id}</> : <>{request.user_email ?? request.user_id}</>;
};

/** Somebody found an answer of ours where it should not be: to whom was it given? */
function Trace() {
  const trace = useMutation({ mutationFn: (watermark: string) => body(api.GET('/v1/watermarks/{watermark}', { params: { path: { watermark } } })) });
  const fields = useFields({ watermark: '' }, trace.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        trace.mutate(fields.values.watermark.trim());
      }}
    >
      <Group align="flex-end" mb="md">
        <TextInput label="Watermark" description="Of an answer that was found elsewhere: the header Fluxgate-Watermark" placeholder="fgw_…" w={440} required {...fields.bind('watermark')} />
        <Button type="submit" variant="default" loading={trace.isPending}>Trace</Button>
      </Group>
      <ProblemAlert error={trace.error} />
      {trace.data && (
        <Alert mb="md" title="This answer was given" color="blue">
          <Text size="sm">to <Caller request={trace.data} /> at <Time at={trace.data.at} />, from {trace.data.network}: {trace.data.method} {trace.data.operation}, status {trace.data.status}.</Text>
        </Alert>
      )}
    </form>
  );
}
