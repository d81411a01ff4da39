import { Badge, type MantineColor } from '@mantine/core';

const colors: Record<string, MantineColor> = {
  draft: 'gray', published: 'teal', paused: 'yellow', archived: 'gray',
  queued: 'gray', running: 'blue', waiting: 'yellow', succeeded: 'teal', failed: 'red', cancelled: 'gray', timed_out: 'red',
  pending: 'yellow', approved: 'teal', rejected: 'red', expired: 'gray',
  on: 'teal', off: 'red',
  active: 'teal', suspended: 'yellow', revoked: 'red', open: 'blue', accepted: 'teal',
  skipped: 'gray', filtered: 'gray',
  'calls go through': 'teal', 'no calls': 'red', 'calls are tried': 'yellow',
  success: 'teal', passed: 'teal', connected: 'teal', 'connect again': 'red', denied: 'red', failure: 'red', valid: 'teal',
};

/** The color goes with the word, never instead of it. */
export const stateColor = (state: string): MantineColor => colors[state] ?? 'gray';

export const stateLabel = (state: string) => state.replaceAll('_', ' ');

export function StateBadge({ state }: { state: string }) {
  return (
    <Badge variant="light" color={stateColor(state)} tt="none" fw={600} radius="sm" style={{ flexShrink: 0 }}>
      {stateLabel(state)}
    </Badge>
  );
}
