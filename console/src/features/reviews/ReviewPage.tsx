import { Alert, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api, body } from '../../api/client';
import type { Review } from '../../api/schema';
import { ContentTable } from '../../elements/ContentTable';
import { Loaded } from '../../elements/Loaded';
import { Page } from '../../elements/Page';
import { PlaceLink } from '../../elements/PlaceLink';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';
import { Decide } from './Decide';

export function ReviewPage() {
  const { id } = useParams({ from: '/o/$slug/reviews/$id' });
  const { slug } = useOrganization();
  const review = useQuery({
    queryKey: [slug, 'review', id],
    queryFn: () => body(api.GET('/v1/reviews/{id}', { params: { path: { id } } })),
    // Each reading is an audit event; somebody who looks away and back has not asked for another.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  return <Loaded query={review}>{(found) => <Detail key={found.id} review={found} />}</Loaded>;
}

function Detail({ review }: { review: Review }) {
  const organization = useOrganization();
  return (
    <Page title={review.title} badge={<StateBadge state={review.state} />}>
      <Stack maw={760}>
        <Text size="sm" c="dimmed">
          {review.workflow_name} asks since <Time at={review.created_at} />
          {review.state === 'pending' && review.expires_at && <>, until <Time at={review.expires_at} /></>}
          {organization.may('runs:read') && <> · <PlaceLink to="/o/$slug/runs/$id" params={{ slug: organization.slug, id: review.run_id }} size="sm" underline="always">Open the run</PlaceLink></>}
        </Text>
        <Paper withBorder p={{ base: 'xs', sm: 'md' }}>
          <Title order={2} size="h4" mb="xs" px="xs">What is to be decided</Title>
          <ContentTable content={review.content} caption="What is to be decided" />
        </Paper>
        <Asked approvers={review.approvers} />
        {review.decided_at && <Decision review={review} />}
        {review.state === 'pending' && (review.may_decide ? <Decide review={review} /> : <Alert color="gray">It asks other people; you can read it.</Alert>)}
      </Stack>
    </Page>
  );
}

function Asked({ approvers }: { approvers: string[] }) {
  const names = approvers.map((approver) => {
    const [kind, ...name] = approver.split(':');
    return kind === 'groups' ? `the group ${name.join(':')}` : name.join(':');
  });
  return <Text size="sm">Asked: {names.length > 0 ? names.join(', ') : 'everybody who may decide reviews'}.</Text>;
}

function Decision({ review }: { review: Review }) {
  return (
    <Alert color={review.state === 'approved' ? 'teal' : 'red'} title={`${review.state === 'approved' ? 'Approved' : 'Rejected'} by ${review.decided_by ?? 'somebody'}`}>
      {review.decided_at && <Text size="sm"><Time at={review.decided_at} /></Text>}
      {review.comment && <Text size="sm" mt="xs" dir="auto" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{review.comment}</Text>}
    </Alert>
  );
}
