import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, body, keepCsrfToken } from '../../api/client';
import type { SignInRequest } from '../../api/schema';
import { useFields } from '../../elements/fields';
import { ProblemAlert } from '../../elements/ProblemAlert';

/** Address and password; the session's cookie is set by the server and unreadable here. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => Promise<void> }) {
  const signIn = useMutation({
    mutationFn: (account: SignInRequest) => body(api.POST('/v1/auth/sign-in', { body: account })),
    onSuccess: async (session) => {
      keepCsrfToken(session.csrf_token);
      await onSignedIn();
    },
  });
  const fields = useFields({ email: '', password: '' }, signIn.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate(fields.values);
      }}
    >
      <Stack>
        <TextInput label="E-mail" type="email" required withAsterisk={false} autoComplete="username" {...fields.bind('email')} />
        <PasswordInput label="Password" required withAsterisk={false} autoComplete="current-password" {...fields.bind('password')} />
        <ProblemAlert error={signIn.error} />
        <Button type="submit" loading={signIn.isPending}>Sign in</Button>
      </Stack>
    </form>
  );
}
