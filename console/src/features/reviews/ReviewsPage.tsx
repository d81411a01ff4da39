import { SegmentedControl, Table, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { Page } from '../../elements/Page';
import { PlaceLink } from '../../elements/PlaceLink';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';

/** The inbox: what waits for a decision; the others are one click away. */
export function ReviewsPage() {
  const { slug } = useOrganization();
  const { state } = useSearch({ from: '/o/$slug/reviews' });
  const navigate = useNavigate();
  const shown = state ?? 'pending';
  const reviews = usePages(
    [slug, 'reviews', shown],
    (query) => body(api.GET('/v1/reviews', { params: { query: { ...query, state: shown === 'all' ? undefined : shown } } })),
    { refetchInterval: 5_000 },
  );
  return (
    <Page
      title="Reviews"
      actions={
        <SegmentedControl
          aria-label="Which reviews"
          value={shown}
          onChange={(value) => void navigate({ to: '/o/$slug/reviews', params: { slug }, search: value === 'pending' ? {} : { state: value } })}
          data={[{ value: 'pending', label: 'Pending' }, { value: 'approved', label: 'Approved' }, { value: 'rejected', label: 'Rejected' }, { value: 'all', label: 'All' }]}
        />
      }
    >
      <DataTable
        label="Reviews"
        pages={reviews}
        columns={['Question', 'Workflow', 'State', 'Asked', shown === 'pending' ? 'Expires' : 'Decided']}
        empty={
          shown === 'pending' ? (
            <EmptyState title="Nothing waits for you">When a run needs a decision of yours, it appears here by itself.</EmptyState>
          ) : (
            <EmptyState title="No such review">Decisions are kept here once they are made.</EmptyState>
          )
        }
        row={(review) => (
          <Table.Tr key={review.id}>
            <Table.Td><PlaceLink to="/o/$slug/reviews/$id" params={{ slug, id: review.id }} fw={500} dir="auto">{review.title}</PlaceLink></Table.Td>
            <Table.Td dir="auto">{review.workflow_name}</Table.Td>
            <Table.Td><StateBadge state={review.state} /></Table.Td>
            <Table.Td><Time at={review.created_at} /></Table.Td>
            <Table.Td>
              {shown === 'pending' ? review.expires_at && <Time at={review.expires_at} /> : review.decided_at && <><Time at={review.decided_at} /><Text size="xs" c="dimmed">{review.decided_by}</Text></>}
            </Table.Td>
          </Table.Tr>
        )}
      />
    </Page>
  );
}
