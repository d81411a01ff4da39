import { Alert, Group, Text } from '@mantine/core';
import { IconClipboardCheck } from '@tabler/icons-react';
import type { Run } from '../../api/schema';
import { PlaceButton } from '../../elements/PlaceLink';
import { useOrganization } from '../../shell/organization';

/** The run waits for a person: the way to what is to be decided, for whom it may be. */
export function WaitingReview({ run }: { run: Run }) {
  const organization = useOrganization();
  const step = run.steps.find((found) => found.status === 'waiting' && found.review_id);
  if (!step?.review_id) return null;
  return (
    <Alert color="yellow" icon={<IconClipboardCheck aria-hidden />} title={`Step ${step.node} waits for a decision`}>
      <Group justify="space-between">
        <Text size="sm">The run goes on when somebody who is asked approves or rejects.</Text>
        {organization.may('reviews:read') && <PlaceButton size="xs" to="/o/$slug/reviews/$id" params={{ slug: organization.slug, id: step.review_id }}>Open the review</PlaceButton>}
      </Group>
    </Alert>
  );
}
