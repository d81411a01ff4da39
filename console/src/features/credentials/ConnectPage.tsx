import { Loader, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, body } from '../../api/client';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { takeAnswer } from '../../shell/addresses';
import { meQuery } from '../../shell/me';
import { OpenPage } from '../../shell/OpenPage';

/** Where a provider sends the browser back to. The answer leaves the address at once and is handed in by a request of our own. */
export function ConnectPage() {
  const [answer] = useState(takeAnswer);
  const navigate = useNavigate();
  const client = useQueryClient();
  const complete = useMutation({
    mutationFn: async () => {
      // For the session's CSRF token.
      await client.fetchQuery(meQuery);
      return body(api.POST('/v1/credentials/callback', { body: { state: answer.state, code: answer.code, error: answer.error, iss: answer.iss } }));
    },
    onSuccess: () => navigate({ to: '/o/$slug/connections', params: { slug: answer.organization } }),
  });
  const { mutate } = complete;
  useEffect(() => {
    if (answer.state) mutate();
  }, [answer, mutate]);
  return (
    <OpenPage title="Connect">
      {!answer.state && <Text size="sm">Begin at a credential, with “Connect”.</Text>}
      {complete.isPending && <Loader aria-label="Connecting" />}
      <ProblemAlert error={complete.error} />
    </OpenPage>
  );
}
