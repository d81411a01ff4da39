namespace Fluxgate.Data.Isolation;

/// <summary>
/// Tables whose policy shows the platform's role the rows of everybody, each with its reason. The list only shrinks: a
/// policy for that role on another table is a fault, whatever it says, and an entry without a policy fails the guards.
/// </summary>
internal static class AcrossOrganizations
{
    public static readonly IReadOnlyDictionary<string, string> Tables = new Dictionary<string, string>
    {
        ["activity_hours"] = "what keys and connectors do is counted for all organizations at once; old hours are deleted whosever they are",
        ["activity_news"] = "who did something since the last look is found whosever it is",
        ["activity_places"] = "networks and hosts are noted for all organizations at once, and forgotten by age",
        ["anomalies"] = "old ones are deleted whosever they are; what they say is not among the columns granted",
        ["api_keys"] = "a key names its organization before any organization is known",
        ["audit_events"] = "sign-in, set-up and joining are recorded before or across organizations; adds only",
        ["audit_queue"] = "the sealer finds what waits, whosever it is",
        ["client_keys"] = "a page's key names its organization before any organization is known",
        ["cluster_nodes"] = "the servers know of each other",
        ["delivery_work"] = "due deliveries are claimed whosever they are",
        ["error_starts"] = "due starts of error workflows are claimed whosever they are",
        ["group_members"] = "sign-in resolves roles that come from groups",
        ["groups"] = "sign-in resolves roles that come from groups",
        ["installation"] = "set-up comes before any organization",
        ["installation_keys"] = "the vault's keys are the installation's",
        ["invitations"] = "an invitation is accepted by who is in no organization yet",
        ["installation_switches"] = "what is switched off for everybody",
        ["kill_switches"] = "every server knows what is switched off, whosever it is",
        ["kv_entries"] = "entries whose time is over are deleted whosever they are; keys and values are not among the columns granted",
        ["kv_receipts"] = "receipts of ended runs are deleted whosever they are; outputs are not among the columns granted",
        ["request_log"] = "requests of many organizations are written at once and deleted by age; what is in them is not among the columns granted to read",
        ["request_nonces"] = "a nonce is used up before the request of its organization goes on, and swept whosever it is",
        ["signing_keys"] = "a signature is checked before the request of its organization goes on",
        ["signing_policies"] = "whether a signature is asked for is known before the request of its organization goes on",
        ["limit_violations"] = "refused requests are counted for all organizations at once",
        ["log_levels"] = "what servers log is the operator's",
        ["members"] = "sign-in lists a person's organizations",
        ["organization_limits"] = "a node asks for a slice of a limit before any session of the organization",
        ["organization_quotas"] = "the operator sets quotas of any organization",
        ["organization_storage"] = "use is written for all organizations at once",
        ["organization_usage"] = "use is written for all organizations at once",
        ["organizations"] = "sign-up makes an organization, and sign-in finds it, before anybody is in it",
        ["outbox"] = "events to hand over are found whosever they are",
        ["polls"] = "feeds and mailboxes that are due are claimed whosever they are",
        ["quota_notices"] = "use is counted for all organizations at once; adds only",
        ["rate_limits"] = "limits count people, keys, organizations and addresses alike",
        ["restrictions"] = "sign-in and keys learn whether their organization restricts anything",
        ["roles"] = "sign-in and keys resolve roles that an organization made",
        ["run_retention"] = "organizations with a policy of their own are found",
        ["run_signals"] = "signals that wait are found whosever they are",
        ["run_work"] = "the runs of a dead node are freed whosever they are",
        ["schedules"] = "due schedules are claimed whosever they are",
        ["service_accounts"] = "a key leads to its service account before any organization is known",
        ["sessions"] = "a cookie names its person before any person is known",
        ["sign_in_links"] = "a link names its person before any person is known",
        ["trigger_receipts"] = "old receipts are deleted whosever they are",
        ["users"] = "sign-in finds a person by address",
        ["work_turns"] = "turns are divided among all organizations",
        ["workflow_lines"] = "lines that wait are found whosever they are",
    };
}
