import { Center } from '@mantine/core';
import { EmptyState } from '../elements/EmptyState';
import { PlaceLink } from '../elements/PlaceLink';

export function NotFound() {
  return (
    <Center mih="60vh" p="md" component="main">
      <EmptyState title="There is nothing at this address" action={<PlaceLink to="/">To the start</PlaceLink>}>
        It may have been removed, or it belongs to an organization that you are not in.
      </EmptyState>
    </Center>
  );
}
