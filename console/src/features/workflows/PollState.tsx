import { Alert, Code, Text } from '@mantine/core';
import type { PollStatus } from '../../api/schema';
import { Time } from '../../elements/Time';

/** How the feed or mailbox of a workflow stands: when it was looked into, and what went wrong. */
export function PollState({ poll }: { poll: PollStatus }) {
  const looks = (
    <Text size="sm" c="dimmed" mb="md">
      {poll.looked_at ? <>Last look <Time at={poll.looked_at} /></> : 'Not looked into yet'}
      {poll.next_look_at && <> · next look <Time at={poll.next_look_at} /></>}
    </Text>
  );
  if (!poll.error_code) return looks;
  return (
    <>
      <Alert color="red" mb="sm" title={poll.failures === 1 ? 'The last look failed' : `The last ${poll.failures} looks failed`}>
        {poll.error} <Code>{poll.error_code}</Code>
      </Alert>
      {looks}
    </>
  );
}
