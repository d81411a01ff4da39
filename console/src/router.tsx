import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { AuditEventPage } from './features/audit/AuditEventPage';
import { AuditPage } from './features/audit/AuditPage';
import { ConnectionsPage } from './features/connectors/ConnectionsPage';
import { ConnectPage } from './features/credentials/ConnectPage';
import { JoinPage } from './features/invitations/JoinPage';
import { KvPage } from './features/kv/KvPage';
import { MembersPage } from './features/members/MembersPage';
import { SettingsPage } from './features/organizations/SettingsPage';
import { ReviewPage } from './features/reviews/ReviewPage';
import { ReviewsPage } from './features/reviews/ReviewsPage';
import { RunsPage } from './features/runs/RunsPage';
import { SetUpPage } from './features/setup/SetUpPage';
import { SignInPage } from './features/sign-in/SignInPage';
import { WebhookPage } from './features/webhook-endpoints/WebhookPage';
import { WebhooksPage } from './features/webhook-endpoints/WebhooksPage';
import { WorkflowsPage } from './features/workflows/WorkflowsPage';
import { Home } from './shell/Home';
import { FirstPlace } from './shell/FirstPlace';
import { NotFound } from './shell/NotFound';
import { OrganizationShell } from './shell/OrganizationShell';
import { RouteError } from './shell/RouteError';

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: RouteError });

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignInPage,
  validateSearch: (search: Record<string, unknown>): { return?: string } => ({ return: text(search.return) }),
});
const join = createRoute({ getParentRoute: () => root, path: '/join', component: JoinPage });
const connect = createRoute({ getParentRoute: () => root, path: '/connect', component: ConnectPage });
const setUp = createRoute({ getParentRoute: () => root, path: '/set-up', component: SetUpPage });

const organization = createRoute({ getParentRoute: () => root, path: '/o/$slug', component: OrganizationShell });
const within = <const P extends string>(path: P) => ({ getParentRoute: () => organization, path });

const first = createRoute({ ...within('/'), component: FirstPlace });
const workflows = createRoute({ ...within('/workflows'), component: WorkflowsPage });
const newWorkflow = createRoute({ ...within('/workflows/new'), component: lazyRouteComponent(() => import('./features/workflows/NewWorkflowPage'), 'NewWorkflowPage') });
const workflow = createRoute({ ...within('/workflows/$id'), component: lazyRouteComponent(() => import('./features/workflows/WorkflowPage'), 'WorkflowPage') });
const runs = createRoute({
  ...within('/runs'),
  component: RunsPage,
  validateSearch: (search: Record<string, unknown>): { workflow?: string; status?: string } => ({ workflow: text(search.workflow), status: text(search.status) }),
});
const run = createRoute({ ...within('/runs/$id'), component: lazyRouteComponent(() => import('./features/runs/RunPage'), 'RunPage') });
const reviews = createRoute({
  ...within('/reviews'),
  component: ReviewsPage,
  validateSearch: (search: Record<string, unknown>): { state?: string } => ({ state: text(search.state) }),
});
const review = createRoute({ ...within('/reviews/$id'), component: ReviewPage });
const connections = createRoute({ ...within('/connections'), component: ConnectionsPage });
const kv = createRoute({ ...within('/kv'), component: KvPage });
const webhooks = createRoute({ ...within('/webhooks'), component: WebhooksPage });
const webhook = createRoute({ ...within('/webhooks/$id'), component: WebhookPage });
const audit = createRoute({
  ...within('/audit'),
  component: AuditPage,
  validateSearch: (search: Record<string, unknown>): { tab?: string; type?: string; resource_kind?: string; resource_id?: string; actor_id?: string; from?: string; to?: string } => ({
    tab: text(search.tab),
    type: text(search.type),
    resource_kind: text(search.resource_kind),
    resource_id: text(search.resource_id),
    actor_id: text(search.actor_id),
    from: text(search.from),
    to: text(search.to),
  }),
});
const auditEvent = createRoute({ ...within('/audit/$id'), component: AuditEventPage });
const members = createRoute({
  ...within('/members'),
  component: MembersPage,
  validateSearch: (search: Record<string, unknown>): { tab?: string } => ({ tab: text(search.tab) }),
});
const settings = createRoute({ ...within('/settings'), component: SettingsPage });

export const router = createRouter({
  routeTree: root.addChildren([
    home, signIn, join, connect, setUp,
    organization.addChildren([first, workflows, newWorkflow, workflow, runs, run, reviews, review, connections, kv, webhooks, webhook, audit, auditEvent, members, settings]),
  ]),
  defaultErrorComponent: RouteError,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

