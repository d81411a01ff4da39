import { Button, Group, Paper, Stack, Textarea } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { Review, ReviewVerdict } from '../../api/schema';
import { sayDone } from '../../elements/done';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { useOrganization } from '../../shell/organization';

/** Approves or rejects exactly what is shown (by its hash), then goes on to the next that waits. */
export function Decide({ review }: { review: Review }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [comment, setComment] = useState('');
  const decide = useMutation({
    mutationFn: (decision: ReviewVerdict) =>
      body(api.POST('/v1/reviews/{id}/decisions', { params: { path: { id: review.id } }, body: { decision, content_sha256: review.content_sha256, comment: comment || null } })),
    onSuccess: async (decided) => {
      sayDone(`${decided.state === 'approved' ? 'Approved' : 'Rejected'}: ${review.title}`);
      const next = await nextPending(review.id).catch(() => undefined);
      if (next) await navigate({ to: '/o/$slug/reviews/$id', params: { slug, id: next } });
      else await navigate({ to: '/o/$slug/reviews', params: { slug } });
      client.setQueryData([slug, 'review', review.id], decided);
      await client.invalidateQueries({ queryKey: [slug, 'reviews'] });
    },
    onError: () => client.invalidateQueries({ queryKey: [slug, 'reviews'] }),
  });
  return (
    <Paper withBorder p="md">
      <Stack>
        <Textarea label="Comment" description="Optional; the run and the audit keep it." autosize minRows={2} maxRows={8} maxLength={2000} value={comment} onChange={(event) => setComment(event.currentTarget.value)} />
        <ProblemAlert error={decide.error} />
        <Group grow preventGrowOverflow={false}>
          <Button size="md" color="teal.9" leftSection={<IconCheck size={18} aria-hidden />} loading={decide.isPending && decide.variables === 'approve'} disabled={decide.isPending} onClick={() => decide.mutate('approve')}>Approve</Button>
          <Button size="md" color="red" variant="outline" leftSection={<IconX size={18} aria-hidden />} loading={decide.isPending && decide.variables === 'reject'} disabled={decide.isPending} onClick={() => decide.mutate('reject')}>Reject</Button>
        </Group>
      </Stack>
    </Paper>
  );
}

async function nextPending(decided: string): Promise<string | undefined> {
  const { items } = await body(api.GET('/v1/reviews', { params: { query: { state: 'pending', limit: 5 } } }));
  return items.find((review) => review.id !== decided)?.id;
}
