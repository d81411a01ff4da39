import { Button, Center, Loader, Paper, Stack, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Pages } from '../api/pages';
import { ProblemAlert } from './ProblemAlert';

/** A list of the API as a table with "More"; `empty` is what stands in its place. */
export function DataTable<T>({ pages, columns, row, empty, label }: {
  pages: Pages<T>;
  columns: string[];
  row: (item: T) => ReactNode;
  empty: ReactNode;
  label: string;
}) {
  if (pages.isPending) return <Center p="xl"><Loader aria-label="Loading" /></Center>;
  if (!pages.items) return <ProblemAlert error={pages.error} />;
  if (pages.items.length === 0) return empty;
  return (
    <Stack>
      <Paper withBorder>
        <Table.ScrollContainer minWidth={560} type="native" tabIndex={0} role="region" aria-label={label}>
          <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover className="fluxgate-list" aria-label={label}>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column) => <Table.Th key={column} scope="col" fz="xs" c="dimmed" fw={600}>{column}</Table.Th>)}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>{pages.items.map(row)}</Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Paper>
      {pages.hasNextPage && (
        <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>More</Button>
      )}
    </Stack>
  );
}
