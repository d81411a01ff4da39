import { useQueryClient } from '@tanstack/react-query';
import type { Workflow } from '../../api/schema';
import { useOrganization } from '../../shell/organization';

/** Puts the workflow that an edit answered in place of what was read before. */
export function useWorkflowChanged() {
  const { slug } = useOrganization();
  const client = useQueryClient();
  return (workflow: Workflow) => {
    client.setQueryData([slug, 'workflow', workflow.id], workflow);
    void client.invalidateQueries({ queryKey: [slug, 'workflows'] });
    void client.invalidateQueries({ queryKey: [slug, 'versions', workflow.id] });
  };
}
