import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './api/problem';
import { router } from './router';

/** A session that ended: to sign-in, and back here afterwards. Outside of organizations the pages show the refusal themselves. */
function signInAgain(error: Error) {
  if (!(error instanceof ApiProblem) || error.status !== 401 || !window.location.pathname.startsWith('/o/')) return;
  queryClient.clear();
  void router.navigate({ to: '/sign-in', search: { return: window.location.pathname + window.location.search } });
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signInAgain }),
  mutationCache: new MutationCache({ onError: signInAgain }),
  defaultOptions: {
    queries: {
      // What the API refused, it refuses again; only a broken connection is worth another try.
      retry: (failures, error) => !(error instanceof ApiProblem) && failures < 2,
      staleTime: 2_000,
    },
  },
});
