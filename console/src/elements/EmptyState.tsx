import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** An empty list says what to do next. */
export function EmptyState({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <Paper withBorder p="xl" bg="transparent">
      <Stack align="center" gap="xs" py="md" ta="center">
        <Title order={2} size="h4">{title}</Title>
        <Text c="dimmed" size="sm" maw={480}>{children}</Text>
        {action}
      </Stack>
    </Paper>
  );
}
