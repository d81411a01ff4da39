import { Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { Time } from '../../elements/Time';

/** The browsers that are signed in to the own account. */
export function MySessions() {
  const sessions = usePages(['my sessions'], (query) => body(api.GET('/v1/me/sessions', { params: { query } })));
  return (
    <DataTable
      label="Sessions"
      pages={sessions}
      columns={['Browser', 'Network', 'Since', 'Last seen', '']}
      empty={<EmptyState title="No session">You are signed in nowhere.</EmptyState>}
      row={(session) => (
        <Table.Tr key={session.id}>
          <Table.Td maw={320}><Text size="sm" lineClamp={2}>{session.user_agent || 'unknown'}</Text></Table.Td>
          <Table.Td>{session.network ?? '—'}</Table.Td>
          <Table.Td><Time at={session.created_at} /></Table.Td>
          <Table.Td><Time at={session.last_seen_at} /></Table.Td>
          <Table.Td ta="end">{session.current ? <Text size="sm" c="dimmed">this one</Text> : <EndSession id={session.id} />}</Table.Td>
        </Table.Tr>
      )}
    />
  );
}

function EndSession({ id }: { id: string }) {
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => api.DELETE('/v1/me/sessions/{id}', { params: { path: { id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['my sessions'] }),
  });
  return <ConfirmButton action={end} label="End">That browser has to sign in again.</ConfirmButton>;
}
