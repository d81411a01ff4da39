import { useInfiniteQuery } from '@tanstack/react-query';

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

interface PageQuery {
  limit?: number;
  cursor?: string;
}

/** A list of the API that grows by its cursor. The fetcher gets the part of the query that pages. */
export function usePages<T>(key: readonly unknown[], fetchPage: (page: PageQuery) => Promise<Page<T>>, options: { refetchInterval?: number; enabled?: boolean } = {}) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => fetchPage(pageParam === null ? {} : { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    ...options,
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) };
}

export type Pages<T> = ReturnType<typeof usePages<T>>;

/** Every entry of a list that is known to be short (members to choose from, roles), up to 1,000. */
export async function everything<T>(fetchPage: (page: PageQuery) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 5; pages++) {
    const page: Page<T> = await fetchPage(cursor === null ? { limit: 200 } : { limit: 200, cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
    if (cursor === null) break;
  }
  return items;
}
