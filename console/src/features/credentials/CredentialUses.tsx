import { Modal, Table, Text } from '@mantine/core';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import type { Credential } from '../../api/schema';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { PlaceLink } from '../../elements/PlaceLink';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';

/** What a credential was opened for. */
export function CredentialUses({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const { slug } = useOrganization();
  const uses = usePages([slug, 'credential uses', credential.id], (query) => body(api.GET('/v1/credentials/{id}/uses', { params: { path: { id: credential.id }, query } })));
  return (
    <Modal opened onClose={onClose} title={`Uses of ${credential.name}`} size="xl" closeButtonProps={{ 'aria-label': 'Close' }}>
      <DataTable
        label="Uses"
        pages={uses}
        columns={['Workflow', 'Step', 'Host', 'Times', 'Secret', 'First', 'Last']}
        empty={<EmptyState title="Not used yet">Each step that opens this credential is listed here, with the host that it calls.</EmptyState>}
        row={(use) => (
          <Table.Tr key={use.id}>
            <Table.Td><Text size="sm" dir="auto">{use.workflow_name}</Text></Table.Td>
            <Table.Td>{use.node}</Table.Td>
            <Table.Td ff="monospace" fz="xs">{use.host}</Table.Td>
            <Table.Td>{use.uses}</Table.Td>
            <Table.Td>version {use.secret_version}</Table.Td>
            <Table.Td><Time at={use.first_used_at} /></Table.Td>
            <Table.Td><PlaceLink to="/o/$slug/runs/$id" params={{ slug, id: use.last_run_id }}><Time at={use.last_used_at} /></PlaceLink></Table.Td>
          </Table.Tr>
        )}
      />
    </Modal>
  );
}
