import { Box, Group, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

/** One page: what it is, what can be done with it, and the content. */
export function Page({ title, badge, actions, children }: { title: string; badge?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  useDocumentTitle(`${title} · Fluxgate`);
  return (
    <Box maw={1200} mx="auto">
      <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
        <Group gap="sm" miw={0} style={{ flex: '1 1 16rem' }}>
          <Title order={1} size="h2" dir="auto" style={{ overflowWrap: 'anywhere' }}>{title}</Title>
          {badge}
        </Group>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}
