using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Features.LogLevels;

/// <summary>What running servers were told to log; <paramref name="Level"/> null is what each one's configuration says, and so it is after <paramref name="UntilAt"/>.</summary>
public sealed record LogLevelChange(Guid Id, LogLevel? Level, string Reason, string SetBy, DateTimeOffset SetAt, DateTimeOffset? UntilAt);

/// <summary>The least level of messages, as whoever runs the installation sets it for all running servers.</summary>
public sealed class LogLevels
{
    private readonly Database database;
    private readonly TimeProvider clock;

    internal LogLevels(Database database, TimeProvider clock) => (this.database, this.clock) = (database, clock);

    private static Sql Columns => $"id, level, reason, set_by, set_at, until_at";

    /// <summary>The last hundred changes, the newest first.</summary>
    public Task<IReadOnlyList<LogLevelChange>> History(CancellationToken cancel) =>
        database.Platform.Query<LogLevelChange>($"select {Columns} from log_levels order by id desc limit 100", cancel);

    /// <summary>Null: the configuration's.</summary>
    internal async Task<LogLevelChange?> InForce(CancellationToken cancel) =>
        await database.Platform.QueryOptional<LogLevelChange>($"select {Columns} from log_levels order by id desc limit 1", cancel) is { Level: not null } last && !(last.UntilAt <= clock.GetUtcNow()) ? last : null;

    /// <summary><paramref name="level"/> null gives it back to the configuration; <paramref name="time"/> does after a while.</summary>
    public async Task<Result<Done>> Set(LogLevel? level, TimeSpan? time, string reason, CancellationToken cancel)
    {
        if (reason.Length is < 1 or > 500 || !StorableText.Is(reason))
            return Error.Refused("log_level.reason", "A reason has 1–500 characters.");
        var now = clock.GetUtcNow();
        await database.Platform.Execute($"""
            insert into log_levels (id, level, reason, set_by, set_at, until_at) values ({Uuid.New(clock)}, {level}, {reason}, {"operator"}, {now}, {now + time})
            """, cancel);
        return default(Done);
    }
}
