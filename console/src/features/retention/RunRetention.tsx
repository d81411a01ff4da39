import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { Retention, RetentionPolicy } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { Loaded } from '../../elements/Loaded';
import { useOrganization } from '../../shell/organization';
import { PolicyDialog, type Place } from './PolicyDialog';

/** How long ended runs are kept: by the organization, and by workflows and folders with a policy of their own. */
export function RunRetention() {
  const { slug } = useOrganization();
  const retention = useQuery({ queryKey: [slug, 'retention'], queryFn: () => body(api.GET('/v1/settings/retention')) });
  return <Loaded query={retention}>{(loaded) => <Policies retention={loaded} />}</Loaded>;
}

function Policies({ retention }: { retention: Retention }) {
  const organization = useOrganization();
  const [edited, setEdited] = useState<{ place?: Place; policy?: RetentionPolicy | null; isNew?: boolean }>();
  const mayWrite = organization.may('organization:write');
  const own = [
    ...retention.folders.map(({ folder_id, folder_name, policy }) => ({ place: { kind: 'folders' as const, id: folder_id }, name: `Folder ${folder_name}`, policy })),
    ...retention.workflows.map(({ workflow_id, workflow_name, policy }) => ({ place: { kind: 'workflows' as const, id: workflow_id }, name: workflow_name, policy })),
  ];
  return (
    <Stack gap="sm">
      <Text size="sm">{retention.organization ? `All workflows: ${said(retention.organization)}.` : 'All workflows: runs are kept for ever.'}</Text>
      {own.length > 0 && (
        <Table aria-label="Workflows and folders with a policy of their own">
          <Table.Tbody>
            {own.map(({ place, name, policy }) => (
              <Table.Tr key={place.id}>
                <Table.Td dir="auto">{name}</Table.Td>
                <Table.Td>{said(policy)}</Table.Td>
                <Table.Td>
                  {mayWrite && (
                    <Group gap="xs" justify="flex-end">
                      <Button size="xs" variant="default" aria-label={`Change the policy of ${name}`} onClick={() => setEdited({ place, policy })}>Change</Button>
                      <Remove place={place} />
                    </Group>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {mayWrite && (
        <Group gap="xs">
          <Button size="xs" onClick={() => setEdited({ policy: retention.organization })}>Set for all workflows</Button>
          <Button size="xs" variant="default" onClick={() => setEdited({ isNew: true })}>Set for a workflow or folder</Button>
          {retention.organization && <Remove />}
        </Group>
      )}
      {edited && <PolicyDialog {...edited} retention={retention} onClose={() => setEdited(undefined)} />}
    </Stack>
  );
}

function Remove({ place }: { place?: Place }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => (place ? api.DELETE(`/v1/${place.kind}/{id}/retention`, { params: { path: { id: place.id } } }) : api.DELETE('/v1/settings/retention')),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug, 'retention'] }),
  });
  return <ConfirmButton action={remove} label={place ? 'Remove' : 'Keep for ever'}>{place ? 'What is set for all workflows, or for the folder, holds again.' : 'Runs are kept for ever, but of workflows and folders with a policy of their own.'}</ConfirmButton>;
}

const said = ({ max_age_days, max_count, min_count }: RetentionPolicy) =>
  [
    max_age_days && `runs go after ${max_age_days} days`,
    max_count && `the newest ${max_count} are kept${max_age_days ? ' at most' : ''}`,
    min_count && `the newest ${min_count} stay in any case`,
  ].filter(Boolean).join(', ');
