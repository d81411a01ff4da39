using Fluxgate.Data.Isolation;

namespace Fluxgate.Guards.Tests.Database;

/// <summary>What every table has to be, read from the catalog of a migrated database.</summary>
public sealed class TableRules
{
    /// <summary>
    /// Indexes of tenant tables that do not lead with the organization, each with its reason. The list only shrinks:
    /// an entry that the catalog no longer has fails too.
    /// </summary>
    private static readonly Dictionary<string, string> IndexExceptions = new()
    {
        ["organizations_slug_key"] = "a slug names its organization before any organization is known",
        ["api_keys_prefix"] = "a key names its organization before any organization is known",
        ["client_keys_by_key"] = "a page's key names its organization before any organization is known",
        ["request_nonces_by_end"] = "nonces whose time is over are swept whosever they are",
        ["invitations_token"] = "an invitation is accepted by who is in no organization yet",
        ["audit_queue_by_id"] = "the sealer takes over all organizations, oldest first",
        ["run_work_by_node"] = "the runs of a dead node are freed whosever they are",
        ["delivery_work_due"] = "due deliveries are claimed whosever they are",
        ["schedules_due"] = "due schedules are claimed whosever they are",
        ["polls_due"] = "feeds and mailboxes that are due are claimed whosever they are",
        ["kv_entries_expiring"] = "entries whose time is over are deleted whosever they are",
        ["members_by_user"] = "sign-in lists a person's organizations",
        ["activity_hours_by_time"] = "old hours are found across organizations; ranges of pages, so that counting does not pay for it",
        ["trigger_receipts_by_time"] = "old receipts are found across organizations; ranges of pages, so that a start does not pay for it",
    };

    [Fact]
    public async Task Keys_and_indexes_of_tenant_tables_lead_with_the_organization()
    {
        await using var connection = await Installation.Connect();
        var tables = (await Catalog.Tables(connection)).ToDictionary(t => t.Name);
        var indexes = await connection.Query(
            """
            select t.relname, i.relname, x.indisprimary, a.attname
            from pg_index x
            join pg_class i on i.oid = x.indexrelid
            join pg_class t on t.oid = x.indrelid
            left join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
            where t.relnamespace = 'public'::regnamespace and not t.relispartition
            """,
            r => (Table: r.GetString(0), Name: r.GetString(1), Primary: r.GetBoolean(2), First: r.IsDBNull(3) ? null : r.GetString(3)));
        var faulty = indexes.Where(i => tables[i.Table].Class == TableClass.Tenant && i.First != tables[i.Table].KeyColumn).Select(i => i.Name).ToHashSet();
        Assert.Empty(faulty.Except(IndexExceptions.Keys));
        Assert.Empty(IndexExceptions.Keys.Except(faulty));

        var withPrimaryKey = indexes.Where(i => i.Primary).Select(i => i.Table).ToHashSet();
        Assert.Empty(tables.Values.Where(t => !t.IsPartition && !withPrimaryKey.Contains(t.Name)).Select(t => $"{t.Name} has no primary key"));
    }

    [Fact]
    public async Task Foreign_keys_between_tenant_tables_carry_the_organization()
    {
        await using var connection = await Installation.Connect();
        var tables = (await Catalog.Tables(connection)).ToDictionary(t => t.Name);
        var keys = await connection.Query(
            """
            select f.conname, t.relname, p.relname, a.attname, b.attname
            from pg_constraint f
            join pg_class t on t.oid = f.conrelid
            join pg_class p on p.oid = f.confrelid
            join pg_attribute a on a.attrelid = t.oid and a.attnum = f.conkey[1]
            join pg_attribute b on b.attrelid = p.oid and b.attnum = f.confkey[1]
            where f.contype = 'f' and f.conparentid = 0 and t.relnamespace = 'public'::regnamespace
            """,
            r => (Name: r.GetString(0), From: r.GetString(1), To: r.GetString(2), Column: r.GetString(3), Target: r.GetString(4)));
        var faulty = keys.Where(k =>
            tables[k.From].Class == TableClass.Tenant && tables[k.To].Class == TableClass.Tenant
            && (k.Column != tables[k.From].KeyColumn || k.Target != tables[k.To].KeyColumn));
        Assert.Empty(faulty.Select(k => k.Name));
    }
}
