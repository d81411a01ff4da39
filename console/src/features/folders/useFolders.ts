import { useQuery } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { everything } from '../../api/pages';
import { useOrganization } from '../../shell/organization';

/** The folders that the person reaches. */
export function useFolders() {
  const { slug } = useOrganization();
  const folders = useQuery({ queryKey: [slug, 'folders'], queryFn: () => everything((query) => body(api.GET('/v1/folders', { params: { query } }))) });
  return folders.data ?? [];
}
