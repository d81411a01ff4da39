import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, body, keepCsrfToken } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { useFields } from '../../elements/fields';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { takeToken } from '../../shell/addresses';
import { meQuery } from '../../shell/me';
import { OpenPage } from '../../shell/OpenPage';
import { SignInForm } from '../sign-in/SignInForm';

/** Accepts an invitation: with a new account, or with the one of the invited address. */
export function JoinPage() {
  const [token] = useState(takeToken);
  const navigate = useNavigate();
  const client = useQueryClient();
  const accept = useMutation({
    mutationFn: async (account: { display_name: string; password: string } | undefined) => {
      // Whoever is signed in already accepts with the session, which needs its CSRF token.
      await client.fetchQuery(meQuery).catch(() => undefined);
      return body(api.POST('/v1/invitations/accept', { body: { token, ...account } }));
    },
    onSuccess: async (accepted) => {
      if (accepted.session) keepCsrfToken(accepted.session.csrf_token);
      client.clear();
      await navigate({ to: '/o/$slug', params: { slug: accepted.slug } });
    },
  });
  const fields = useFields({ display_name: '', password: '' }, accept.error);
  const hasAccount = accept.error instanceof ApiProblem && accept.error.code === 'invitation.sign_in';
  if (!token)
    return <OpenPage title="Join"><Text size="sm">Open the whole link of the invitation; its end is missing.</Text></OpenPage>;
  return (
    <OpenPage title="Join">
      {hasAccount ? (
        <>
          <Text size="sm">There is an account with the invited address. Sign in with it to accept.</Text>
          <SignInForm onSignedIn={async () => accept.mutate(undefined)} />
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            accept.mutate(fields.values);
          }}
        >
          <Stack>
            <Text size="sm">You were invited to an organization. Say who you are to accept.</Text>
            <TextInput label="Your name" autoComplete="name" {...fields.bind('display_name')} />
            <PasswordInput label="A new password" description="At least 12 characters." autoComplete="new-password" {...fields.bind('password')} />
            <ProblemAlert error={accept.error} shown={fields.shown} />
            <Button type="submit" loading={accept.isPending}>Accept</Button>
          </Stack>
        </form>
      )}
    </OpenPage>
  );
}
