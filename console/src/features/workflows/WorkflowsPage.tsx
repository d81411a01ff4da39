import { Table, Text } from '@mantine/core';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { Page } from '../../elements/Page';
import { PlaceButton, PlaceLink } from '../../elements/PlaceLink';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';
import { FolderBar } from '../folders/FolderBar';
import { useFolders } from '../folders/useFolders';

export function WorkflowsPage() {
  const organization = useOrganization();
  const params = { slug: organization.slug };
  const [folder, setFolder] = useState<string>();
  const folders = useFolders();
  const workflows = usePages([organization.slug, 'workflows', folder], (query) => body(api.GET('/v1/workflows', { params: { query: { ...query, folder_id: folder } } })));
  const add = organization.may('workflows:write') && <PlaceButton to="/o/$slug/workflows/new" params={params}>New workflow</PlaceButton>;
  return (
    <Page title="Workflows" actions={add}>
      <FolderBar chosen={folder} onChoose={setFolder} />
      <DataTable
        label="Workflows"
        pages={workflows}
        columns={['Name', 'Folder', 'State', 'Published', 'Last change']}
        empty={<EmptyState title="No workflow yet" action={add}>A workflow is a document in YAML or JSON: a trigger, nodes and edges. Paste one to begin.</EmptyState>}
        row={(workflow) => (
          <Table.Tr key={workflow.id}>
            <Table.Td><PlaceLink to="/o/$slug/workflows/$id" params={{ ...params, id: workflow.id }} fw={500} dir="auto">{workflow.name}</PlaceLink></Table.Td>
            <Table.Td dir="auto">{folders.find((one) => one.id === workflow.folder_id)?.name}</Table.Td>
            <Table.Td><StateBadge state={workflow.state} /></Table.Td>
            <Table.Td>
              <Text size="sm">
                {workflow.published_version === null ? '—' : `version ${workflow.published_version}`}
                {workflow.published_version !== null && workflow.has_draft && ' · draft open'}
              </Text>
            </Table.Td>
            <Table.Td><Time at={workflow.updated_at} /></Table.Td>
          </Table.Tr>
        )}
      />
    </Page>
  );
}
