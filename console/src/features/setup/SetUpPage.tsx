import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, body, keepCsrfToken } from '../../api/client';
import type { SetUpRequest } from '../../api/schema';
import { useFields } from '../../elements/fields';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { takeToken } from '../../shell/addresses';
import { OpenPage } from '../../shell/OpenPage';

/** The first start: whoever has the token that the server printed becomes the owner of the first organization. */
export function SetUpPage() {
  const [token] = useState(takeToken);
  const navigate = useNavigate();
  const client = useQueryClient();
  const setUp = useMutation({
    mutationFn: (owner: SetUpRequest) => body(api.POST('/v1/setup', { body: owner })),
    onSuccess: async (session) => {
      keepCsrfToken(session.csrf_token);
      client.clear();
      await navigate({ to: '/' });
    },
  });
  const fields = useFields({ token, organization_name: '', display_name: '', email: '', password: '' }, setUp.error);
  return (
    <OpenPage title="Set up">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setUp.mutate(fields.values);
        }}
      >
        <Stack>
          <Text size="sm">The server printed a token when it first started. It makes you the owner of the first organization.</Text>
          <PasswordInput label="Token" autoComplete="off" {...fields.bind('token')} />
          <TextInput label="Organization" autoComplete="organization" {...fields.bind('organization_name')} />
          <TextInput label="Your name" autoComplete="name" {...fields.bind('display_name')} />
          <TextInput label="E-mail" type="email" autoComplete="username" {...fields.bind('email')} />
          <PasswordInput label="Password" description="At least 12 characters." autoComplete="new-password" {...fields.bind('password')} />
          <ProblemAlert error={setUp.error} shown={fields.shown} />
          <Button type="submit" loading={setUp.isPending}>Set up</Button>
        </Stack>
      </form>
    </OpenPage>
  );
}
