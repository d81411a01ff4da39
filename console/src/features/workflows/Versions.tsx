import { Button, Code, Modal, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import type { Workflow } from '../../api/schema';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { Loaded } from '../../elements/Loaded';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';

export function Versions({ workflow }: { workflow: Workflow }) {
  const { slug } = useOrganization();
  const [shown, setShown] = useState<number>();
  const path = { id: workflow.id };
  const versions = usePages([slug, 'versions', workflow.id], () => body(api.GET('/v1/workflows/{id}/versions', { params: { path } })));
  const version = useQuery({
    queryKey: [slug, 'versions', workflow.id, shown],
    queryFn: () => body(api.GET('/v1/workflows/{id}/versions/{version}', { params: { path: { ...path, version: shown ?? 0 } } })),
    enabled: shown !== undefined,
  });
  return (
    <>
      <DataTable
        label="Versions"
        pages={versions}
        columns={['Version', 'Published', 'SHA-256', '']}
        empty={<EmptyState title="Nothing is published yet">Publish the draft; each published version stays as it was.</EmptyState>}
        row={(entry) => (
          <Table.Tr key={entry.version}>
            <Table.Td>{entry.version}{entry.version === workflow.published_version && <Text span size="xs" c="dimmed"> current</Text>}</Table.Td>
            <Table.Td><Time at={entry.published_at} /></Table.Td>
            <Table.Td><Code title={entry.sha256}>{entry.sha256.slice(0, 16)}…</Code></Table.Td>
            <Table.Td ta="end"><Button size="xs" variant="default" onClick={() => setShown(entry.version)} aria-label={`Show version ${entry.version}`}>Show</Button></Table.Td>
          </Table.Tr>
        )}
      />
      <Modal opened={shown !== undefined} onClose={() => setShown(undefined)} title={`Version ${shown}`} size="xl" closeButtonProps={{ 'aria-label': 'Close' }}>
        {shown !== undefined && <Loaded query={version}>{(found) => <Code block tabIndex={0} role="region" aria-label="Document">{found.document}</Code>}</Loaded>}
      </Modal>
    </>
  );
}
