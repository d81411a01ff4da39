using System.CommandLine;
using System.CommandLine.Invocation;
using Fluxgate.Cli;
using Fluxgate.Cli.Audit;
using Fluxgate.Cli.Connection;
using Fluxgate.Cli.Connectors;
using Fluxgate.Cli.Credentials;
using Fluxgate.Cli.Demo;
using Fluxgate.Cli.KeyValues;
using Fluxgate.Cli.Retention;
using Fluxgate.Cli.Runs;
using Fluxgate.Cli.Workflows;

var root = new RootCommand("Fluxgate: workflow automation that a security team signs off on.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    MigrateCommand.Create(),
    LoginCommand.Create(),
    WorkflowsCommand.Create(),
    RunsCommand.Create(),
    ConnectorsCommand.Create(),
    CredentialsCommand.Create(),
    KvCommand.Create(),
    RetentionCommand.Create(),
    AuditCommand.Create(),
    CelCommand.Create(),
    NewApiKeyCommand.Create(),
};
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync();
// Whoever calls it wrong is told so apart from a failure.
return parsed.Action is ParseErrorAction ? 2 : code;
