using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Egress.Databases;
using Fluxgate.Engine.Connections;

namespace Fluxgate.Engine.Nodes;

/// <summary>
/// The <c>database</c> node: one statement on a PostgreSQL server, its text as written in the workflow and all data as
/// parameters. Gives <c>{rows, affected}</c>.
/// </summary>
public sealed class DatabaseStep(ServerCalls calls, EgressDatabase egress, TimeProvider clock)
{
    private const int DefaultRows = 1000;
    private const int MostParameters = 200;

    public Task<EffectOutcome> Run(StepEffect effect, CancellationToken cancel) =>
        calls.Run<PostgresqlSecret>(effect, CredentialType.Postgresql, async (secret, policy, inTime) =>
        {
            var parameters = effect.Setting("parameters") ?? CelValue.List([]);
            if (parameters.Kind != CelKind.List || parameters.AsList.Count > MostParameters)
                return EffectOutcome.Final(Error.Refused("database.parameters", $"'parameters' is a list of up to {MostParameters} values."));
            var rows = effect.Setting("max_rows") is { Kind: CelKind.Int } most ? (int)Math.Clamp(most.AsInt, 1, 10_000) : DefaultRows;
            var query = new DatabaseQuery(effect.Literal("query"), parameters.AsList, effect.Setting("read_only") is { Kind: CelKind.Bool, AsBool: true }, effect.Timeout, rows, RunLimits.ValueBytes);
            var started = clock.GetTimestamp();
            var (answer, failure) = await egress.Run(secret.Server, query, policy, inTime);
            var bytesOut = Encoding.UTF8.GetByteCount(query.Text) + parameters.ToJson().Length;
            var call = ServerCalls.Record(effect, secret, query.ReadOnly ? "query (read only)" : "query", clock.GetElapsedTime(started), bytesOut, answer?.Bytes ?? 0);
            if (failure is not null)
                return new EffectOutcome(Shown(failure.Error, effect), failure.Retryable, null) { Call = call };
            return new EffectOutcome(CelValue.Map(
                ("rows", CelValue.List(answer!.Rows)),
                ("affected", CelValue.From(answer.Affected))), Retryable: false, null) { Call = call };
        }, cancel);

    /// <summary>PostgreSQL repeats values in its messages.</summary>
    private static Error Shown(Error error, StepEffect effect) =>
        effect.Node.Sensitive.Count > 0 && error.Code == "database.refused" ? error with { Message = "The server refused the statement: (sensitive)" } : error;
}
