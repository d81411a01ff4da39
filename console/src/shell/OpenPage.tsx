import { Center, Paper, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

/** A page outside of organizations: one card in the middle. */
export function OpenPage({ title, children }: { title: string; children: ReactNode }) {
  useDocumentTitle(`${title} · Fluxgate`);
  return (
    <Center mih="100vh" p="md" component="main" bg="var(--fluxgate-surface)">
      <Paper w="100%" maw={400} p="xl" withBorder shadow="sm">
        <Stack gap="lg">
          <div>
            <Text fw={700} c="var(--mantine-color-anchor)" size="sm" mb={4}>Fluxgate</Text>
            <Title order={1} size="h2">{title}</Title>
          </div>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}
