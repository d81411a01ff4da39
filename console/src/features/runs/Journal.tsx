import { Text, Timeline, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import type { JournalEntry, Run } from '../../api/schema';
import { Loaded } from '../../elements/Loaded';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';
import { isFinal } from './runStatus';

const colors: Record<string, string> = { step_succeeded: 'teal', step_failed: 'red', review_requested: 'yellow', step_delayed: 'yellow', signal_awaited: 'yellow', run_finished: 'indigo' };

function says(entry: JournalEntry): string {
  switch (entry.event) {
    case 'run_started': return 'The run started';
    case 'step_started': return entry.attempt && entry.attempt > 1 ? `Attempt ${entry.attempt} began` : 'Began';
    case 'step_succeeded': return entry.port && entry.port !== 'out' ? `Done, took ${entry.port}` : 'Done';
    case 'step_failed': return entry.until ? `Attempt ${entry.attempt} failed; there will be another` : 'Failed';
    case 'step_filtered': return 'Filtered: its condition is false';
    case 'step_delayed': return 'Waits';
    case 'review_requested': return 'Waits for a decision';
    case 'signal_awaited': return 'Waits for a signal';
    case 'signal_received': return 'A signal came';
    case 'event_emitted': return 'Emitted an event';
    case 'responded': return 'Answered the sender';
    case 'run_claimed': return 'A server took the run up again';
    case 'run_finished': return entry.error ? 'The run ended with an error' : 'The run ended';
    default: return entry.event.replaceAll('_', ' ');
  }
}

/** What happened, in order: attempts, waits, retries. */
export function Journal({ run, onSelect }: { run: Run; onSelect: (node: string) => void }) {
  const { slug } = useOrganization();
  const journal = useQuery({
    // The status is part of the key, so that the last entries are read once more when the run has ended.
    queryKey: [slug, 'journal', run.id, isFinal(run.status)],
    queryFn: () => body(api.GET('/v1/runs/{id}/journal', { params: { path: { id: run.id } } })),
    refetchInterval: isFinal(run.status) ? false : 1_000,
    placeholderData: (before) => before,
  });
  return (
    <Loaded query={journal}>
      {({ items }) => (
        <Timeline bulletSize={14} lineWidth={2} active={items.length} aria-label="What happened">
          {items.map((entry, index) => (
            <Timeline.Item
              key={index}
              color={colors[entry.event] ?? 'gray'}
              title={
                <Text span size="sm" fw={500}>
                  {entry.node && <UnstyledButton onClick={() => onSelect(entry.node ?? '')} fz="sm" fw={700} td="underline" me={6}>{entry.node}</UnstyledButton>}
                  {says(entry)}
                </Text>
              }
            >
              {entry.error && <Text size="xs" dir="auto" style={{ overflowWrap: 'anywhere' }}>{entry.error.message}</Text>}
              <Text size="xs" c="dimmed"><Time at={entry.at} />{entry.until && <> until <Time at={entry.until} /></>}</Text>
            </Timeline.Item>
          ))}
        </Timeline>
      )}
    </Loaded>
  );
}
