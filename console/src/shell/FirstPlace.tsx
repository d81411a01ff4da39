import { Navigate } from '@tanstack/react-router';
import { useOrganization } from './organization';
import { placesFor } from './places';

/** The first place that the own permissions open; a reviewer lands in the inbox. */
export function FirstPlace() {
  const organization = useOrganization();
  const [place] = placesFor(organization);
  return <Navigate to={place?.to ?? '/o/$slug/settings'} params={{ slug: organization.slug }} replace />;
}
