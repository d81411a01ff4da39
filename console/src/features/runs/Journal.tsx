import { Center, Loader, Text, Timeline, UnstyledButton } from '@mantine/core';
import type { JournalEntry } from '../../api/schema';
import { Time } from '../../elements/Time';
import { sentences } from './runEvents';

const colors: Record<string, string> = { step_succeeded: 'teal', step_failed: 'red', outcome_unknown: 'yellow', review_requested: 'yellow', step_delayed: 'yellow', signal_awaited: 'yellow', child_awaited: 'yellow', run_finished: 'indigo' };

/** What happened, in order: attempts, waits, retries. */
export function Journal({ entries, onSelect }: { entries: JournalEntry[]; onSelect: (node: string) => void }) {
  if (entries.length === 0) return <Center p="xl"><Loader aria-label="Loading" /></Center>;
  return (
    <Timeline bulletSize={14} lineWidth={2} active={entries.length} aria-label="What happened">
      {entries.map((entry, index) => (
        <Timeline.Item
          key={index}
          color={colors[entry.event] ?? 'gray'}
          title={
            <Text span size="sm" fw={500}>
              {entry.node && <UnstyledButton onClick={() => onSelect(entry.node ?? '')} fz="sm" fw={700} td="underline" me={6}>{entry.node}</UnstyledButton>}
              {sentences[entry.event]?.(entry)}
            </Text>
          }
        >
          {entry.error && <Text size="xs" dir="auto" style={{ overflowWrap: 'anywhere' }}>{entry.error.message}</Text>}
          <Text size="xs" c="dimmed"><Time at={entry.at} />{entry.until && <> until <Time at={entry.until} /></>}</Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
