import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Run } from '../../api/schema';

export function RunFailure({ error }: { error: Run['error'] }) {
  if (!error) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={error.node ? `Step ${error.node}: ${error.code}` : error.code}>
      <Text size="sm" dir="auto" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{error.message}</Text>
    </Alert>
  );
}
