import { Center, Loader } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemAlert } from './ProblemAlert';

/** What is shown once it was read; until then a sign of work, or the problem. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.isPending) return <Center p="xl"><Loader aria-label="Loading" /></Center>;
  if (query.data === undefined) return <ProblemAlert error={query.error} />;
  return children(query.data);
}
