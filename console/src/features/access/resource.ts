import type { Right } from '../../api/schema';

/** What grants are about. */
export type ResourceKind = 'workflow' | 'folder' | 'connector' | 'credential';

export type Resource = { kind: ResourceKind; id: string; name: string };

export const rightsOf = (kind: ResourceKind): Right[] => (kind === 'workflow' || kind === 'folder' ? ['view', 'edit', 'run'] : ['view', 'edit', 'use']);
