import { Badge, Stack, Table, Text } from '@mantine/core';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import type { SubjectAccess } from '../../api/schema';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { useOrganization } from '../../shell/organization';
import type { ResourceKind } from './resource';
import { subjectKey } from './useSubjects';

/** Everybody who has any right on the resource as it is saved, with what each right comes from. */
export function Reach({ kind, id }: { kind: ResourceKind; id: string }) {
  const { slug } = useOrganization();
  const reach = usePages([slug, 'access', id, 'reach'], (query) => body(api.GET(`/v1/${kind}s/{id}/access/reach`, { params: { path: { id }, query } })));
  return (
    <DataTable
      label="Who reaches it"
      pages={reach}
      columns={['Who', 'May', 'By']}
      empty={<EmptyState title="Nobody">No member and no key has a right on it.</EmptyState>}
      row={(who) => <Row key={subjectKey(who.subject)} who={who} />}
    />
  );
}

function Row({ who }: { who: SubjectAccess }) {
  const allowed = who.rights.filter((right) => right.allowed);
  return (
    <Table.Tr>
      <Table.Td><Text size="sm" dir="auto">{who.name}</Text><Text size="xs" c="dimmed">{who.subject.kind.replace('_', ' ')}</Text></Table.Td>
      <Table.Td><Stack gap={4} align="flex-start">{allowed.map(({ right }) => <Badge key={right} variant="light" color="gray">{right}</Badge>)}</Stack></Table.Td>
      <Table.Td>{allowed.map(({ right, sources }) => <Text key={right} size="xs" dir="auto">{right}: {sources.join('; ')}</Text>)}</Table.Td>
    </Table.Tr>
  );
}
