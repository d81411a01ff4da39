import { Center, Loader } from '@mantine/core';
import { Navigate } from '@tanstack/react-router';
import { EmptyState } from '../elements/EmptyState';
import { ProblemAlert } from '../elements/ProblemAlert';
import { ApiProblem } from '../api/problem';
import { useMe } from './me';

/** The address without a place: to sign-in, or into the first organization. */
export function Home() {
  const me = useMe();
  if (me.error instanceof ApiProblem && me.error.status === 401) return <Navigate to="/sign-in" replace />;
  if (me.error) return <ProblemAlert error={me.error} />;
  if (!me.data) return <Center h="100vh"><Loader aria-label="Loading" /></Center>;
  const [organization] = me.data.organizations;
  if (organization) return <Navigate to="/o/$slug" params={{ slug: organization.slug }} replace />;
  return <EmptyState title="You are in no organization">Ask somebody who manages one for an invitation, and open its link here.</EmptyState>;
}
