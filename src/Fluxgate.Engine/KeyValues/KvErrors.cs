using Fluxgate.Core.KeyValues;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.KeyValues;

public static class KvErrors
{
    public static readonly Error NoFolder = Error.Refused("kv.no_folder", "The workflow lies in no folder.");
    public static readonly Error NotFound = Error.NotFound("kv_entry");
    public static readonly Error Stale = new("kv.stale", ErrorKind.Stale, "The entry has changed since it was read, or is not there any more; read it again.");
    public static readonly Error Exists = new("kv.exists", ErrorKind.Stale, "There is an entry of this name.");
    public static readonly Error NotANumber = Error.Refused("kv.not_a_number", "Only a whole number is incremented.");
    public static readonly Error Overflow = Error.Refused("kv.overflow", "The sum is beyond whole numbers of 64 bits.");
    public static readonly Error SecretNumber = Error.Refused("kv.secret_not_readable", "A name that begins with secret: is written and used; nothing of it is read or counted.");
    public static readonly Error RunIsOver = Error.Conflict("kv.run_is_over", "The run has ended; its steps write no more.");

    public static readonly Error Name = Error.Refused(
        "kv.name", $"A name has 1–{KvName.Characters} of a–z, A–Z, 0–9, '.', '_', ':' and '-', beginning with a letter or digit.");

    public static Error TooMany(int most) => Error.Refused("kv.too_many", $"The organization has {most} entries already; delete some or let them expire.");
}
