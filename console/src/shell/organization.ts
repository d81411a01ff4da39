import { createContext, useContext } from 'react';
import type { MyOrganization } from '../api/schema';
import { may } from './me';

export const OrganizationContext = createContext<MyOrganization | undefined>(undefined);

/** The organization of the address, with what the own account may do in it. */
export function useOrganization() {
  const organization = useContext(OrganizationContext);
  if (!organization) throw new Error('This page belongs into an organization.');
  return {
    ...organization,
    may: (permission: string) => may(organization, permission),
    /** Whether it may be allowed: by the role, or by a grant on the one thing that it is about, which the server knows. */
    mayOnGrant: (permission: string) => may(organization, permission) || may(organization, 'grants:act'),
  };
}
