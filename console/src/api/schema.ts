import type { components } from './schema.generated';

type Schemas = components['schemas'];

export type ApiKey = Schemas['ApiKeyResponse'];
export type AuditEvent = Schemas['AuditEventResponse'];
export type Connector = Schemas['ConnectorResponse'];
export type ConnectorEndpoint = Schemas['ConnectorEndpointSetting'];
export type Credential = Schemas['CredentialResponse'];
export type CredentialType = Schemas['CredentialType'];
export type DocumentFormat = Schemas['DocumentFormat'];
export type Group = Schemas['GroupResponse'];
export type JournalEntry = Schemas['JournalEntry'];
export type Me = Schemas['MeResponse'];
export type Member = Schemas['MemberResponse'];
export type MyOrganization = Schemas['MyOrganization'];
export type Review = Schemas['ReviewResponse'];
export type ReviewSummary = Schemas['ReviewSummary'];
export type ReviewVerdict = Schemas['ReviewVerdict'];
export type Run = Schemas['RunResponse'];
export type RunStatus = Schemas['RunStatus'];
export type RunSummary = Schemas['RunSummary'];
export type SecretInput = Schemas['SecretInput'];
export type Session = Schemas['SessionResponse'];
export type SetUpRequest = Schemas['SetUpRequest'];
export type SignInRequest = Schemas['SignInRequest'];
export type Step = Schemas['StepResponse'];
export type WebhookEndpoint = Schemas['WebhookEndpointResponse'];
export type Workflow = Schemas['WorkflowResponse'];
