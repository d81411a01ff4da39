using System.CommandLine;
using System.CommandLine.Invocation;
using Fluxgate.Cli;
using Fluxgate.Cli.Access;
using Fluxgate.Cli.Anomalies;
using Fluxgate.Cli.ApiKeys;
using Fluxgate.Cli.Audit;
using Fluxgate.Cli.ClientKeys;
using Fluxgate.Cli.Connection;
using Fluxgate.Cli.Connectors;
using Fluxgate.Cli.Credentials;
using Fluxgate.Cli.Demo;
using Fluxgate.Cli.Folders;
using Fluxgate.Cli.Isolation;
using Fluxgate.Cli.KeyValues;
using Fluxgate.Cli.KillSwitches;
using Fluxgate.Cli.Limits;
using Fluxgate.Cli.LogLevels;
using Fluxgate.Cli.RequestLog;
using Fluxgate.Cli.Retention;
using Fluxgate.Cli.Roles;
using Fluxgate.Cli.Runs;
using Fluxgate.Cli.Usage;
using Fluxgate.Cli.Workflows;

var root = new RootCommand("Fluxgate: workflow automation that a security team signs off on.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    MigrateCommand.Create(),
    RlsCommand.Create(),
    LoginCommand.Create(),
    WorkflowsCommand.Create(),
    RunsCommand.Create(),
    ConnectorsCommand.Create(),
    CredentialsCommand.Create(),
    KvCommand.Create(),
    FoldersCommand.Create(),
    AccessCommand.Create(),
    RolesCommand.Create(),
    ApiKeysCommand.Create(),
    ClientKeysCommand.Create(),
    RetentionCommand.Create(),
    UsageCommand.Create(),
    LimitsCommand.Create(),
    QuotasCommand.Create(),
    KillSwitchesCommand.Create(),
    SwitchCommand.Create(),
    LogLevelCommand.Create(),
    AuditCommand.Create(),
    AnomaliesCommand.Create(),
    RequestLogCommand.List(),
    RequestLogCommand.Watermark(),
    CelCommand.Create(),
    NewApiKeyCommand.Create(),
    RotatePepperCommand.Create(),
};
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync();
// Whoever calls it wrong is told so apart from a failure.
return parsed.Action is ParseErrorAction ? 2 : code;
