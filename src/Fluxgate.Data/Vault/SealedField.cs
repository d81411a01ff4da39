namespace Fluxgate.Data.Vault;

/// <summary>
/// Every kind of place that holds a sealed value. The number is bound into the value, so that one field's value does
/// not open as another's; names may change, numbers never do and are never used again.
/// </summary>
public enum SealedField : ushort
{
    OrganizationKey = 1,
    DataKey = 2,
    InstallationKey = 3,
    CredentialSecret = 10,
    ConnectorToken = 11,
    AccountAccessToken = 12,
    AccountRefreshToken = 13,
    AuthorizationVerifier = 14,
    RunJournal = 20,
    RunValue = 21,
    RunOutput = 22,
    SignalPayload = 23,
    ReviewContent = 30,
    ReviewComment = 31,
    WebhookEndpointSecret = 40,
    DeliveryPayload = 41,
    DeliveryResponse = 42,
    WorkflowDocument = 50,
    WorkflowTestEvents = 51,
    WorkflowTestHidden = 52,
    IdempotencyAnswer = 60,
    RequestSigningSecret = 61,
    KvValue = 70,
    KvSecret = 71,
    KvReceipt = 72,
    PollState = 80,
    PollError = 81,
}
