import { Alert, Loader, Group } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api, body, keepCsrfToken } from '../../api/client';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { ownPath, takeToken } from '../../shell/addresses';
import { OpenPage } from '../../shell/OpenPage';
import { SignInForm } from './SignInForm';

/** By address and password, or by a one-time link whose token stands in the fragment. */
export function SignInPage() {
  const { return: wanted } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const router = useRouter();
  const client = useQueryClient();
  const enter = async () => {
    client.clear();
    const path = ownPath(wanted);
    if (path) router.history.push(path);
    else await navigate({ to: '/' });
  };
  const link = useSignInLink(enter);
  return (
    <OpenPage title="Sign in">
      {link.redeeming ? (
        <Group role="status"><Loader size="sm" aria-hidden /> Signing you in by the link…</Group>
      ) : (
        <>
          {link.error !== undefined && <ProblemAlert error={link.error} />}
          {wanted && link.error === undefined && <Alert color="indigo">Sign in to go on where you were.</Alert>}
          <SignInForm onSignedIn={enter} />
        </>
      )}
    </OpenPage>
  );
}

/** Redeems the token of the address once, however often the page is drawn or its fragment changes. */
function useSignInLink(enter: () => Promise<void>) {
  const [state, setState] = useState<{ redeeming: boolean; error?: unknown }>({ redeeming: window.location.hash.length > 1 });
  const entering = useRef(enter);
  entering.current = enter;
  useEffect(() => {
    const redeem = async () => {
      const token = takeToken();
      if (!token) return;
      setState({ redeeming: true });
      try {
        keepCsrfToken((await body(api.POST('/v1/auth/sign-in-link', { body: { token } }))).csrf_token);
        await entering.current();
      } catch (error) {
        setState({ redeeming: false, error });
      }
    };
    void redeem();
    const again = () => void redeem();
    window.addEventListener('hashchange', again);
    return () => window.removeEventListener('hashchange', again);
  }, []);
  return state;
}
