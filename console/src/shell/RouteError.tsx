import { Alert, Container } from '@mantine/core';

/** A fault of the console itself. */
export function RouteError({ error }: { error: unknown }) {
  return (
    <Container py="xl" component="main">
      <Alert role="alert" color="red" title="This page broke">{error instanceof Error ? error.message : 'It failed without a reason.'} Reload it; if that does not help, tell whoever runs this installation.</Alert>
    </Container>
  );
}
